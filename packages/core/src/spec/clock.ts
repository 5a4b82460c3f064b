/**
 * Time, handed in. `now` is for people and stores (milliseconds since the epoch); `monotonic` measures what elapsed
 * in this process (milliseconds, never goes back) and is the only one that a process checks its own
 * leases and deadlines by.
 */
export interface Clock {
  now(): number
  monotonic(): number
  /** Calls back once after `delayMs`; the answer cancels it. A timer alone never keeps a process alive. */
  setTimer(delayMs: number, callback: () => void): () => void
}

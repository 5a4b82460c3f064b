import type { Clock } from '../spec/clock.js'

/** The longest delay that `setTimeout` takes, about 24.8 days; with a longer one it would fire at once. */
const longestDelayMs = 2 ** 31 - 1

/** One alarm. Whoever owns a heap sets it to `heap.peek()?.due` after each change and each ringing. */
export interface WakeUp {
  /** Rings at `dueMs` (milliseconds since the epoch) instead of what was set before; undefined or Infinity: never. */
  setAt(dueMs: number | undefined): void
  /** Rings no more, and leaves no timer behind. */
  stop(): void
}

/**
 * Creates an alarm that calls `onDue` once each time it is set, when the clock has reached the instant; never before,
 * and never inside `setAt`. It holds one timer of the clock, or none. Instants further off than a timer can reach are
 * approached in steps. A clock set back delays it, one set forward is noticed when the timer ends. What `onDue`
 * throws goes to the clock's timer.
 */
export function createWakeUp(clock: Clock, onDue: () => void): WakeUp {
  let dueMs = Infinity
  let cancel: (() => void) | undefined
  let stopped = false

  function arm(): void {
    if (dueMs === Infinity) return
    const delayMs = Math.min(Math.max(dueMs - clock.now(), 0), longestDelayMs)
    cancel = clock.setTimer(delayMs, ring)
  }

  function ring(): void {
    cancel = undefined
    if (clock.now() < dueMs) return arm()
    dueMs = Infinity
    onDue()
  }

  function setAt(instantMs = Infinity): void {
    if (stopped || instantMs === dueMs) return
    cancel?.()
    cancel = undefined
    dueMs = instantMs
    arm()
  }

  function stop(): void {
    setAt(undefined)
    stopped = true
  }

  return { setAt, stop }
}

import { setTimeout as wait } from 'node:timers/promises'

/** Real time that anything on this machine may take. */
const deadlineMs = 5_000

/** Rejects where a promise has not ended after 5 seconds. */
export async function soon<T>(promise: Promise<T>, what: string): Promise<T> {
  const ended = new AbortController()
  const late = wait(deadlineMs, undefined, { signal: ended.signal, ref: false }).then(() => {
    throw new Error(`${what} did not end within ${deadlineMs} ms`)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    ended.abort()
    late.catch(() => {})
  }
}

/** Waits until a condition holds, and rejects where it does not after 5 seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${deadlineMs} ms`)
    await wait(1)
  }
}

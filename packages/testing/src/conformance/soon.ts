import { setTimeout as wait } from 'node:timers/promises'

/** Real time that anything on this machine may take, where a subject says nothing else. */
const defaultPatienceMs = 5_000

/** Rejects where a promise has not ended in time. */
export async function soon<T>(promise: Promise<T>, what: string, patienceMs: number = defaultPatienceMs): Promise<T> {
  const ended = new AbortController()
  const late = wait(patienceMs, undefined, { signal: ended.signal, ref: false }).then(() => {
    throw new Error(`${what} did not end within ${patienceMs} ms`)
  })
  late.catch(() => {})
  try {
    return await Promise.race([promise, late])
  } finally {
    ended.abort()
  }
}

/** Waits until a condition holds, and rejects where it does not in time. */
export async function until(
  condition: () => boolean,
  what: string,
  patienceMs: number = defaultPatienceMs,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${patienceMs} ms`)
    await wait(1)
  }
}

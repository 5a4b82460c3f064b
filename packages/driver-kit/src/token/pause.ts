import { type Clock, NotSentError } from '@reachkit/core/spec'

/** Waits by the clock; ends early, with NotSentError, when the signal is aborted. */
export async function pause(clock: Clock, signal: AbortSignal, ms: number): Promise<void> {
  let cancel: (() => void) | undefined
  const passed = new Promise<void>((resolve) => {
    cancel = clock.setTimer(ms, resolve)
  })
  try {
    await endsWith(signal, passed)
  } finally {
    cancel?.()
  }
}

/** The work, or NotSentError once the signal is aborted: the work goes on for whoever else waits for it. */
export async function endsWith<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new NotSentError('aborted'))
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
  // Nobody waits for the work where the signal was first.
  work.catch(() => {})
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop)
  }
}

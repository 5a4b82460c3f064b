import type { Clock } from '../spec/index.js'

/** Waits; false where the signal cut it short. Leaves no timer and no listener behind. */
export function pause(clock: Pick<Clock, 'setTimer'>, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false)
    const stop = (): void => {
      cancel()
      resolve(false)
    }
    const cancel = clock.setTimer(ms, () => {
      signal.removeEventListener('abort', stop)
      resolve(true)
    })
    signal.addEventListener('abort', stop, { once: true })
  })
}

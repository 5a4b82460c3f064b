import { setTimeout as wait } from 'node:timers/promises'

/** How long a lost conflict is tried again: milliseconds. */
export interface Patience {
  readonly totalMs: number
  readonly longestPauseMs: number
  /** It is tried so often, however long that takes. */
  readonly leastTries: number
}

/**
 * Does the work again where it lost a conflict with somebody else, after a short pause that differs for each who lost.
 * Rejects with the last error once the patience is used up, and at once with any other error.
 */
export async function retrying<T>(
  work: () => Promise<T>,
  isConflict: (error: unknown) => boolean,
  { totalMs, longestPauseMs, leastTries }: Patience,
): Promise<T> {
  const deadline = performance.now() + totalMs
  let pauseMs = 1
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!isConflict(error) || (tries >= leastTries && performance.now() > deadline)) throw error
    }
    await wait(Math.random() * pauseMs)
    pauseMs = Math.min(longestPauseMs, pauseMs * 2)
  }
}

/** The code that a driver puts on its errors: `SQLITE_BUSY`, `40P01`, `ER_LOCK_DEADLOCK`. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

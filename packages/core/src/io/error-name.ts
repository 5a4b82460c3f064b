import { isReachError } from '../spec/index.js'

/**
 * What a log line may say of an error: its text may hold what must not be logged. Of one of ours that is its code, and
 * behind it the code of its cause: `REACH_STORE_UNAVAILABLE (ECONNREFUSED)`.
 */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  if (!isReachError(error)) return error.name
  const cause = codeOf(error.cause)
  return cause === undefined ? error.code : `${error.code} (${cause})`
}

/** A code is a word; whatever else stands there may be anything. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' && /^[A-Z0-9_]{1,64}$/.test(error.code) ? error.code : undefined
}

import { ReachError } from '../spec/errors.js'
import type { Random } from '../spec/random.js'

/** What the wait before one retry depends on. */
export interface BackoffOptions {
  /** How many attempts failed before the last one: 0 for the first retry. */
  readonly attempt: number
  /** The longest wait before the first retry; it doubles with each further one. */
  readonly baseMs: number
  /** The doubling stops here. */
  readonly capMs: number
  readonly random: Random
  /** The shortest wait: what the vendor asked for. Even a cap does not shorten it. */
  readonly atLeastMs?: number
}

/**
 * How long to wait before a retry, in whole milliseconds: a random wait between 0 and
 * `min(capMs, baseMs * 2 ** attempt)`, so that callers that failed together do not come back together. With
 * `atLeastMs` the random wait is added to it: many are told the same time, and should not all return at once.
 *
 * Source: "full jitter" in "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 * @throws ReachError `REACH_OPTION_INVALID` for a number that is negative, not finite or not a number.
 */
export function backoffDelay(options: BackoffOptions): number {
  const { attempt, baseMs, capMs, random, atLeastMs = 0 } = options
  for (const [field, value] of Object.entries({ attempt, baseMs, capMs, atLeastMs })) assertAmount(field, value)
  // From 2 ** 1024 on it would be Infinity, and Infinity * 0 is not a number.
  const ceilingMs = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 1023))
  return Math.ceil(atLeastMs) + Math.floor(random.next() * ceilingMs)
}

function assertAmount(field: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return
  throw new ReachError('REACH_OPTION_INVALID', `${field} must be a finite number of at least 0.`)
}

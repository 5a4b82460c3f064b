import { ReachError } from '../spec/errors.js'

/** How people write a length of time in options: a number and its unit, without a space, such as '90s' or '1.5h'. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`

/** Milliseconds of each unit. A day is 24 hours here; calendar days are the schedule's business. */
const units: ReadonlyMap<string, number> = new Map([
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
])

/**
 * Reads a duration: '2h' is 7,200,000. Digits, at most one decimal point, then ms, s, m, h, d or w; no sign, space or
 * exponent. The answer is in whole milliseconds, rounded, at least 0 and at most 2^53 - 1.
 * @throws ReachError `REACH_OPTION_INVALID` naming `field`, never the value.
 */
export function parseDuration(value: unknown, field: string): number {
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)(ms|[smhdw])$/.exec(value) : null
  const durationMs = Math.round(Number(match?.[1]) * Number(units.get(match?.[2] ?? '')))
  if (Number.isSafeInteger(durationMs)) return durationMs
  const given = typeof value === 'string' ? 'a string that is no duration' : `a value of type ${typeof value}`
  throw new ReachError(
    'REACH_OPTION_INVALID',
    `${field} must be a duration: a number and ms, s, m, h, d or w, such as '2h'. It was ${given}.`,
  )
}

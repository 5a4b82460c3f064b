import { ReachError } from '@reachkit/core/spec'

/** A length of time: whole milliseconds, or a number with its unit, such as '90s' or '1.5h'. */
export type VirtualTime = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Reads a length of time as milliseconds.
 * @throws ReachError `REACH_OPTION_INVALID` for what is negative, endless or no length of time.
 */
export function parseVirtualTime(time: VirtualTime): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|[smhd])$/.exec(String(time)) ?? []
  const ms = typeof time === 'number' ? time : Math.round(Number(count) * (unitMs[unit ?? ''] ?? Number.NaN))
  if (Number.isSafeInteger(ms) && ms >= 0) return ms
  throw new ReachError(
    'REACH_OPTION_INVALID',
    "a time must be whole milliseconds of at least 0, or a text such as '9h'",
  )
}

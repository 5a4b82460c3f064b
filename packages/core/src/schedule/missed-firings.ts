import { openSchedule } from './firings.js'
import { firingsBetween } from './next-firing.js'
import type { NextFiring, Schedule, ScheduleContext } from './schedule.js'

/** What to do about firings that nobody was there for: run the latest one, all of them, or none. */
export type MissedPolicy = 'once' | 'all' | 'skip'

/**
 * Which of the firings after `lastMs` (strictly) up to and with `nowMs` are to run, the earliest first. 'once' gives the
 * latest one only, in some 40 steps however many there were. 'all' gives the first `limit`; ask again with the last of
 * them as `lastMs` until the answer is empty. 'skip' gives none.
 * @throws ReachError as `nextFiring` does.
 */
export async function missedFirings(
  schedule: Schedule,
  lastMs: number,
  nowMs: number,
  policy: MissedPolicy,
  limit: number,
  context: ScheduleContext,
): Promise<number[]> {
  switch (policy) {
    case 'skip':
      return []
    case 'all':
      return firingsBetween(schedule, lastMs, nowMs, limit, context)
    case 'once': {
      const latest = latestFiring(await openSchedule(schedule, context), lastMs, nowMs)
      return latest === undefined ? [] : [latest]
    }
  }
}

/** The latest firing after `lastMs` up to `nowMs`, by halving the stretch in which it can be. */
export function latestFiring(next: NextFiring, lastMs: number, nowMs: number): number | undefined {
  const within = (afterMs: number) => {
    const firing = next(afterMs)
    return firing !== undefined && firing <= nowMs ? firing : undefined
  }
  let latest = within(lastMs)
  // No firing lies after `quiet`.
  let quiet = nowMs
  while (latest !== undefined && latest < quiet) {
    const middle = Math.floor((latest + quiet) / 2)
    const later = within(middle)
    if (later === undefined) quiet = middle
    else latest = later
  }
  return latest
}

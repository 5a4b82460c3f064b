import type { CronSchedule, ScheduleZone } from './schedule.js'
import { parseShape } from './shape.js'

export interface CronOptions {
  /** Whose clocks it follows: a zone, or 'recipient' for those of each recipient; 'UTC' where left out. */
  readonly zone?: ScheduleZone
}

/**
 * Whenever the clocks of a zone match: `cron('0 10 * * 1', { zone: 'recipient' })` is Mondays at ten. Minute, hour, day
 * of month, month, day of week, with seconds before them if there are six; names, ranges, lists, steps, `L` and `#`, and
 * macros such as '@daily'. Where both days are restricted, either is enough. Daylight saving: a time that a day skips
 * fires when the gap ends, a time that it repeats fires once, and patterns of every hour follow the clock.
 *
 * Only the number of fields and the zone are checked here; `parseSchedule` reads the fields.
 * @throws ReachError `REACH_SCHEDULE_INVALID`.
 */
export function cron(expression: string, options: CronOptions = {}): CronSchedule {
  const schedule: CronSchedule = { kind: 'cron', expression, zone: options.zone ?? 'UTC' }
  parseShape(schedule)
  return schedule
}

import { loadCronReadings } from './cron-readings.js'
import type { Schedule } from './schedule.js'
import { parseShape } from './shape.js'

/**
 * Reads a schedule that was stored or sent as JSON, or made by a builder: call it once, before the schedule is kept.
 * Loads cron-parser if it is a cron, else nothing. The answer is a copy.
 * @throws ReachError `REACH_SCHEDULE_INVALID` naming the first field that is missing, wrong or unknown, and
 * `REACH_SCHEDULE_NEVER` for a cron that never fires, such as '0 0 30 2 *'. An instant that is past is not refused.
 */
export async function parseSchedule(value: unknown): Promise<Schedule> {
  const schedule = parseShape(value)
  if (schedule.kind === 'cron') await loadCronReadings(schedule.expression)
  return schedule
}

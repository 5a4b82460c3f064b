import { type Duration, parseDuration } from '../duration/index.js'
import type { AfterSchedule } from './schedule.js'

/**
 * Once, so long after the schedule was created: `after('2h')`; `after('0s')` is now.
 * @throws ReachError `REACH_OPTION_INVALID` for anything but a duration.
 */
export function after(delay: Duration): AfterSchedule {
  return { kind: 'after', delayMs: parseDuration(delay, 'The delay of a schedule') }
}

import { readDate } from './fields.js'
import type { AtSchedule, LocalSchedule, ScheduleZone } from './schedule.js'
import { parseShape } from './shape.js'

/** Once, at an instant. */
export function at(instant: Date): AtSchedule
/**
 * Once, when the clocks of a zone show this local time: `at('2026-06-01T10:00', { zone: 'recipient' })` is ten in the
 * morning wherever the recipient lives.
 * @throws ReachError `REACH_SCHEDULE_INVALID` for an invalid Date, a local time that no calendar has, a wrong zone.
 */
export function at(local: string, options: { readonly zone: ScheduleZone }): LocalSchedule
export function at(when: Date | string, options?: { readonly zone: ScheduleZone }): AtSchedule | LocalSchedule {
  const schedule: AtSchedule | LocalSchedule =
    typeof when === 'string'
      ? { kind: 'local', local: when, zone: options?.zone ?? '' }
      : { kind: 'at', atMs: readDate(when, 'The instant') }
  parseShape(schedule)
  return schedule
}

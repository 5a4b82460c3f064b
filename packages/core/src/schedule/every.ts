import { type Duration, parseDuration } from '../duration/index.js'
import { readDate } from './fields.js'
import { invalidSchedule } from './invalid.js'
import type { CalendarSchedule, CalendarUnit, ClockUnit, IntervalSchedule, ScheduleZone } from './schedule.js'
import { parseShape } from './shape.js'

/** How often, in units of one length: `{ amount: 90, unit: 'minutes' }`. */
export interface ClockPeriod {
  readonly amount: number
  readonly unit: ClockUnit
}

/** How often, in units of the calendar: `{ amount: 1, unit: 'months' }`. */
export interface CalendarPeriod {
  readonly amount: number
  readonly unit: CalendarUnit
}

export interface EveryOptions {
  /** The first firing; left out, creation plus one period. */
  readonly from?: Date
}

export interface CalendarOptions extends EveryOptions {
  /** The zone whose time of day is kept; 'UTC' where left out. */
  readonly zone?: ScheduleZone
}

const clockUnits: Readonly<Record<ClockUnit, string>> = { seconds: 's', minutes: 'm', hours: 'h' }

/**
 * Again and again. A duration, seconds, minutes and hours are lengths of time: `every('1d')` is every 24 hours. Days,
 * weeks, months and years follow the calendar of `zone`: the time of day stays the same over daylight saving, and from
 * 31 January on each month fires on its last day or on the 31st. Firings are counted from the first, so nothing drifts.
 * @throws ReachError `REACH_SCHEDULE_INVALID` for a period below a second, an amount of calendar units that is no whole
 * number from 1 to 10,000, an unknown unit or zone, or a zone beside a length of time; `REACH_OPTION_INVALID` for a
 * wrong duration.
 */
export function every(period: Duration | ClockPeriod, options?: EveryOptions): IntervalSchedule
export function every(period: CalendarPeriod, options?: CalendarOptions): CalendarSchedule
export function every(
  period: Duration | ClockPeriod | CalendarPeriod,
  options: CalendarOptions = {},
): IntervalSchedule | CalendarSchedule {
  const fromMs = options.from === undefined ? {} : { fromMs: readDate(options.from, 'from') }
  const schedule = isCalendar(period) ? inCalendar(period, options.zone) : ofLength(period, options.zone)
  parseShape({ ...schedule, ...fromMs })
  return { ...schedule, ...fromMs }
}

function isCalendar(period: Duration | ClockPeriod | CalendarPeriod): period is CalendarPeriod {
  return typeof period === 'object' && !(period.unit in clockUnits)
}

function inCalendar({ amount, unit }: CalendarPeriod, zone: ScheduleZone = 'UTC'): CalendarSchedule {
  return { kind: 'calendar', amount, unit, zone }
}

function ofLength(period: Duration | ClockPeriod, zone: ScheduleZone | undefined): IntervalSchedule {
  if (zone !== undefined) throw invalidSchedule('zone', zone, 'left out here: only days to years follow a zone')
  const length = typeof period === 'string' ? period : `${period.amount}${clockUnits[period.unit]}`
  return { kind: 'interval', everyMs: parseDuration(length, 'The period of a schedule') }
}

import {
  type Fields,
  isFields,
  readCount,
  readExpression,
  readInstant,
  readLength,
  readLocal,
  readOptionalInstant,
  readZone,
} from './fields.js'
import { invalidSchedule } from './invalid.js'
import type { CalendarUnit, Schedule } from './schedule.js'

/** Below this, an interval would be a busy loop. */
const shortestIntervalMs = 1_000

const calendarUnits: readonly CalendarUnit[] = ['days', 'weeks', 'months', 'years']

/**
 * Checks everything about a schedule that needs no cron parser, and copies it.
 * @throws ReachError `REACH_SCHEDULE_INVALID` naming the first field that is missing, wrong or unknown.
 */
export function parseShape(value: unknown): Schedule {
  if (!isFields(value)) throw invalidSchedule('The value', value, 'an object with a kind')
  const schedule = readSchedule(value)
  const unknown = Object.keys(value).find((name) => value[name] !== undefined && !Object.hasOwn(schedule, name))
  if (unknown === undefined) return schedule
  throw invalidSchedule('The fields', value, `${Object.keys(schedule).join(', ')} and no others`)
}

function readSchedule(fields: Fields): Schedule {
  switch (fields.kind) {
    case 'at':
      return { kind: 'at', atMs: readInstant(fields, 'atMs') }
    case 'local':
      return { kind: 'local', local: readLocal(fields), zone: readZone(fields) }
    case 'after':
      return { kind: 'after', delayMs: readLength(fields, 'delayMs', 0) }
    case 'interval': {
      const everyMs = readLength(fields, 'everyMs', shortestIntervalMs)
      return { kind: 'interval', everyMs, ...readOptionalInstant(fields, 'fromMs') }
    }
    case 'calendar': {
      const [amount, unit, zone] = [readCount(fields, 'amount'), readUnit(fields), readZone(fields)]
      return { kind: 'calendar', amount, unit, zone, ...readOptionalInstant(fields, 'fromMs') }
    }
    case 'cron':
      return { kind: 'cron', expression: readExpression(fields), zone: readZone(fields) }
    default:
      throw invalidSchedule('kind', fields.kind, "'at', 'local', 'after', 'interval', 'calendar' or 'cron'")
  }
}

function readUnit(fields: Fields): CalendarUnit {
  const unit = calendarUnits.find((known) => known === fields.unit)
  if (unit !== undefined) return unit
  throw invalidSchedule('unit', fields.unit, `one of ${calendarUnits.join(', ')}`)
}

import { types } from 'node:util'
import { invalidSchedule } from './invalid.js'
import { parseReading } from './reading.js'
import { isZone } from './wall-clock.js'

/** The fields of a stored schedule, not yet checked. */
export type Fields = Readonly<Record<string, unknown>>

/** A Date reaches 8.64e15 milliseconds on both sides of the epoch. */
const furthestMs = 8.64e15

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function readInstant(fields: Fields, name: string): number {
  return readInteger(fields, name, -furthestMs, furthestMs, 'a valid instant in milliseconds since the epoch')
}

/**
 * The instant of a valid Date, in milliseconds since the epoch.
 * @throws ReachError `REACH_SCHEDULE_INVALID` naming `field`.
 */
export function readDate(date: unknown, field: string): number {
  if (types.isDate(date) && !Number.isNaN(date.getTime())) return date.getTime()
  throw invalidSchedule(field, date, 'a valid Date')
}

/** An instant, or nothing: a spread of `{}` leaves the field out. */
export function readOptionalInstant(fields: Fields, name: 'fromMs'): { readonly fromMs?: number } {
  return fields[name] === undefined ? {} : { [name]: readInstant(fields, name) }
}

/** A length of time in whole milliseconds, of at least `leastMs`. */
export function readLength(fields: Fields, name: string, leastMs: number): number {
  return readInteger(fields, name, leastMs, furthestMs, `a whole number of milliseconds of at least ${leastMs}`)
}

export function readCount(fields: Fields, name: string): number {
  return readInteger(fields, name, 1, 10_000, 'a whole number from 1 to 10,000')
}

export function readZone(fields: Fields): string {
  const { zone } = fields
  if (typeof zone === 'string' && (zone === 'recipient' || isZone(zone))) return zone
  throw invalidSchedule('zone', zone, "a time zone such as 'Europe/Berlin', or 'recipient'")
}

export function readLocal(fields: Fields): string {
  const { local } = fields
  if (typeof local === 'string' && parseReading(local) !== undefined) return local
  throw invalidSchedule('local', local, "a local time such as '2026-06-01T10:00', without an offset")
}

/** A cron text of the right length. Its fields are read by cron-parser, in `parseSchedule`. */
export function readExpression(fields: Fields): string {
  const { expression } = fields
  if (typeof expression === 'string' && /^(@[a-z]+|\s*\S+(\s+\S+){4,5}\s*)$/.test(expression)) return expression
  throw invalidSchedule('expression', expression, "five or six cron fields, or a macro such as '@daily'")
}

function readInteger(fields: Fields, name: string, least: number, most: number, allowed: string): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw invalidSchedule(name, value, allowed)
}

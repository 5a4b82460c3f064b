import { ReachError } from '../spec/errors.js'

/** The error of a field that cannot be read. It names the kind of what was given, never the value. */
export function invalidSchedule(field: string, given: unknown, allowed: string, cause?: unknown): ReachError {
  const text = `${field} of a schedule must be ${allowed}. It was ${kindOf(given)}.`
  return new ReachError('REACH_SCHEDULE_INVALID', text, cause === undefined ? {} : { cause })
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'another string'
  if (typeof value === 'number') return Number.isNaN(value) ? 'NaN' : 'another number'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

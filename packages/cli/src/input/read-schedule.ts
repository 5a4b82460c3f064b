import { after, at, cron, every } from '@reachkit/core'
import type { Duration, Schedule } from '@reachkit/core'
import { UsageError } from './usage-error.js'

/** How a schedule is written: one of these, a zone where it has a time of day. */
export interface WrittenSchedule {
  readonly at?: string | undefined
  readonly after?: string | undefined
  readonly every?: string | undefined
  readonly cron?: string | undefined
  readonly zone?: string | undefined
}

/** @throws UsageError for more than one, or a zone where there is no time of day. */
export function readSchedule({ zone, ...kinds }: WrittenSchedule): Schedule | undefined {
  const given = Object.entries(kinds).filter(([, text]) => text !== undefined)
  if (given.length > 1) throw new UsageError('Only one of at, after, every and cron can be the schedule.')
  if (zone !== undefined && kinds.at === undefined && kinds.cron === undefined) {
    throw new UsageError('A zone belongs to at or cron.')
  }
  if (kinds.cron !== undefined) return cron(kinds.cron, zone === undefined ? {} : { zone })
  if (kinds.after !== undefined) return after(kinds.after as Duration)
  if (kinds.every !== undefined) return every(kinds.every as Duration)
  if (kinds.at === undefined) return undefined
  return zone === undefined ? at(instantOf(kinds.at)) : at(kinds.at, { zone })
}

/** A time without an offset would be that of whatever machine this is. */
function instantOf(text: string): Date {
  const date = new Date(text)
  if (/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) && !Number.isNaN(date.getTime())) return date
  throw new UsageError('at must have an offset, such as 2030-01-01T09:00:00Z, or a zone beside it')
}

import { parseDuration } from '../duration/index.js'
import { OptionReader, describeKind } from '../options/index.js'
import { ReachError, lanes } from '../spec/index.js'
import type { MessageFilter, TimelineOf } from './message-views.js'

const mostRows = 500
const labelFields = ['tenant', 'recipient', 'type', 'category', 'group', 'module', 'line', 'channel']
const filterFields = [...labelFields, 'ids', 'priority', 'state', 'outcome', 'from', 'to']

/** A message's id as it came from a caller. @throws ReachError `REACH_OPTION_INVALID` */
export function parseId(call: string, id: unknown): string {
  if (typeof id === 'string' && id !== '') return id
  throw new ReachError('REACH_OPTION_INVALID', `${call}: the id of a message is a string, and was ${describeKind(id)}.`)
}

export function parseFilter(filter: unknown, call = 'list()'): MessageFilter {
  const reader = new OptionReader('REACH_OPTION_INVALID', call, filter, filterFields)
  for (const field of labelFields) reader.text(field)
  reader.choice('priority', lanes)
  for (const field of ['from', 'to']) assertDate(reader, field)
  return filter as MessageFilter
}

function assertDate(reader: OptionReader, field: string): void {
  const value = reader.raw(field)
  if (value === undefined || (value instanceof Date && !Number.isNaN(value.getTime()))) return
  reader.refuse(field, 'a valid Date')
}

/** A page of at most 500 rows, of 50 unless told. */
export function parsePage(page: unknown): { readonly limit: number; readonly after?: string } {
  const reader = new OptionReader('REACH_OPTION_INVALID', 'a page', page, ['limit', 'after'])
  const limit = Math.min(reader.whole('limit', 1) ?? 50, mostRows)
  const after = reader.text('after')
  return after === undefined ? { limit } : { limit, after }
}

type OfRecipient = Exclude<TimelineOf, string | readonly string[]>

export function parseTimelineOf(of: unknown): readonly string[] | OfRecipient {
  if (typeof of === 'string') return [parseId('timeline()', of)]
  if (Array.isArray(of)) return parseIds(of)
  const reader = new OptionReader('REACH_OPTION_INVALID', 'timeline()', of, ['recipient', 'tenant', 'limit'])
  const recipient = reader.text('recipient') ?? reader.refuse('recipient', 'the id of a recipient')
  const tenant = reader.text('tenant')
  return { recipient, limit: reader.whole('limit', 1) ?? mostRows, ...(tenant !== undefined && { tenant }) }
}

function parseIds(ids: readonly unknown[]): readonly string[] {
  if (ids.length <= mostRows) return ids.map((id) => parseId('timeline()', id))
  throw new ReachError('REACH_OPTION_INVALID', `timeline() takes at most ${mostRows} ids, not ${ids.length}.`)
}

export function parseStop(options: unknown): number {
  const reader = new OptionReader('REACH_OPTION_INVALID', 'stop()', options, ['timeout'])
  return parseDuration(reader.text('timeout') ?? '30s', 'timeout')
}

export function parseDrain(options: unknown): number {
  const reader = new OptionReader('REACH_OPTION_INVALID', 'drain()', options, ['maxMs'])
  return reader.whole('maxMs', 0) ?? 10_000
}

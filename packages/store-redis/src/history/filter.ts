import type { HistoryFilter, HistoryRow } from '@reachkit/core/spec'
import { ReachError } from '@reachkit/core/spec'

/** Where a page ended: what comes after it is older. */
export interface Place {
  readonly acceptedAt: number
  readonly id: string
}

export function placeOf(after: string): Place {
  const colon = after.indexOf(':')
  const acceptedAt = Number(after.slice(0, colon))
  if (colon < 1 || !Number.isSafeInteger(acceptedAt)) {
    throw new ReachError('REACH_OPTION_INVALID', 'after must be what the page before answered as `next`')
  }
  return { acceptedAt, id: after.slice(colon + 1) }
}

/** Whether a page ended before this row: everything does where there was none. */
export function isNewer(after: Place | undefined, { acceptedAt, id }: HistoryRow): boolean {
  if (after === undefined) return true
  return after.acceptedAt > acceptedAt || (after.acceptedAt === acceptedAt && comesBefore(after.id, id))
}

/** Newest first, and of one instant by the letters of the id, the last first. */
function comesBefore(one: string, other: string): boolean {
  return one > other
}

export function newestFirst(a: HistoryRow, b: HistoryRow): number {
  return b.acceptedAt - a.acceptedAt || (comesBefore(a.id, b.id) ? -1 : 1)
}

export function fits(row: HistoryRow, filter: HistoryFilter): boolean {
  const { labels } = row
  return (
    wanted(filter.tenant, row.tenant) &&
    wanted(filter.recipient, row.recipient) &&
    wanted(filter.type, row.type) &&
    wanted(filter.category, labels.category) &&
    wanted(filter.group, labels.group) &&
    wanted(filter.module, labels.module) &&
    wanted(filter.line, labels.line) &&
    wanted(filter.lane, row.lane) &&
    wanted(filter.state, row.state) &&
    wanted(filter.outcome, row.outcome) &&
    (filter.channel === undefined || row.channels.includes(filter.channel)) &&
    (filter.ids === undefined || filter.ids.includes(row.id)) &&
    (filter.from === undefined || row.acceptedAt >= filter.from) &&
    (filter.to === undefined || row.acceptedAt < filter.to)
  )
}

function wanted(value: unknown, own: unknown): boolean {
  return value === undefined || value === own
}

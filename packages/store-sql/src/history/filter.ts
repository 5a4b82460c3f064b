import { ReachError } from '@reachkit/core/spec'
import type { HistoryFilter } from '@reachkit/core/spec'
import { sql } from 'kysely'
import type { Expression, ExpressionBuilder, SelectQueryBuilder, SqlBool } from 'kysely'
import type { ReachTables } from '../database/tables.js'
import { inList } from '../ledger/bulk.js'
import { laneNumber } from '../ledger/entries.js'
import { longestName, longestRecipient, storable } from './message-rows.js'

type Where = (eb: ExpressionBuilder<ReachTables, 'reach_message'>) => Expression<SqlBool>

const sameText = {
  tenant: 'tenant',
  type: 'type',
  category: 'category',
  group: 'group_name',
  module: 'module',
  line: 'line',
  state: 'state',
  outcome: 'outcome',
} as const

/** Every field that is given must fit. */
export function fitting(filter: HistoryFilter): Where {
  return (eb) => {
    const all: Expression<SqlBool>[] = []
    for (const [field, column] of Object.entries(sameText) as [keyof typeof sameText, (typeof sameText)['type']][]) {
      const wanted = filter[field]
      if (wanted !== undefined) all.push(eb(column, '=', storable(wanted, longestName)))
    }
    if (filter.ids !== undefined) all.push(eb('id', 'in', inList(filter.ids)))
    if (filter.recipient !== undefined) all.push(eb('recipient', '=', storable(filter.recipient, longestRecipient)))
    if (filter.lane !== undefined) all.push(eb('lane', '=', laneNumber(filter.lane)))
    if (filter.from !== undefined) all.push(eb('accepted_at', '>=', filter.from))
    if (filter.to !== undefined) all.push(eb('accepted_at', '<', filter.to))
    if (filter.channel !== undefined) all.push(hasChannel(filter.channel))
    return eb.and(all)
  }
}

/** `like` would take some characters for others; `!` is no special character of any of the servers. */
function hasChannel(channel: string): Expression<SqlBool> {
  const escaped = storable(channel, longestName).replaceAll(/[!%_]/g, '!$&')
  return sql<SqlBool>`channels like ${`%,${escaped},%`} escape '!'`
}

/** What comes behind the last row of the page before. */
export function behind(after: string | undefined): Where {
  return (eb) => {
    if (after === undefined) return eb.and([])
    const cut = after.indexOf('~')
    const at = Number(after.slice(0, cut))
    const id = after.slice(cut + 1)
    if (cut < 1 || !Number.isSafeInteger(at))
      throw new ReachError('REACH_QUERY_UNSUPPORTED', 'the page after which to go on was not answered by this history')
    return eb.or([eb('accepted_at', '<', at), eb.and([eb('accepted_at', '=', at), eb('id', '<', id)])])
  }
}

export function newestFirst<Row>(
  query: SelectQueryBuilder<ReachTables, 'reach_message', Row>,
): SelectQueryBuilder<ReachTables, 'reach_message', Row> {
  return query.orderBy('accepted_at', 'desc').orderBy('id', 'desc')
}

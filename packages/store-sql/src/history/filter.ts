import { ReachError } from '@reachkit/core/spec'
import type { HistoryFilter } from '@reachkit/core/spec'
import { sql } from 'kysely'
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { ReachTables } from '../database/tables.js'
import { inList } from '../ledger/bulk.js'
import { laneNumber } from '../ledger/entries.js'
import { longestName, storable } from './texts.js'

type Where = (eb: ExpressionBuilder<ReachTables, 'reach_group'>) => Expression<SqlBool>

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

/** Every field that is given must fit; ids and recipient are looked for in what is found. */
export function fitting(filter: HistoryFilter): Where {
  return (eb) => {
    const all: Expression<SqlBool>[] = []
    for (const [field, column] of Object.entries(sameText) as [keyof typeof sameText, (typeof sameText)['type']][]) {
      const wanted = filter[field]
      if (wanted !== undefined) all.push(eb(column, '=', storable(wanted, longestName)))
    }
    if (filter.lane !== undefined) all.push(eb('lane', '=', laneNumber(filter.lane)))
    if (filter.from !== undefined) all.push(eb('reach_group.accepted_at', '>=', filter.from))
    if (filter.to !== undefined) all.push(eb('reach_group.accepted_at', '<', filter.to))
    if (filter.channel !== undefined) all.push(hasChannel(filter.channel))
    return eb.and(all)
  }
}

/** `like` would take some characters for others; `!` is no special character of any of the servers. */
function hasChannel(channel: string): Expression<SqlBool> {
  const escaped = storable(channel, longestName).replaceAll(/[!%_]/g, '!$&')
  return sql<SqlBool>`channels like ${`%,${escaped},%`} escape '!'`
}

export function inParcels(parcels: readonly string[]): Where {
  return (eb) => eb('reach_group.parcel', 'in', inList(parcels))
}

/** A place in the order of lists: newest parcel first, and in each the last message first. */
export interface Place {
  readonly at: number
  readonly parcel: string
  /** Its parcel is to be looked at again. */
  readonly again?: boolean
}

/** The parcels behind a place. */
export function behind({ at, parcel, again = false }: Place): Where {
  return (eb) =>
    eb.or([
      eb('reach_group.accepted_at', '<', at),
      eb.and([eb('reach_group.accepted_at', '=', at), eb('reach_group.parcel', again ? '<=' : '<', parcel)]),
    ])
}

export function writePage(at: number, id: string): string {
  return `${at}~${id}`
}

export function readPage(page: string): { readonly at: number; readonly id: string } {
  const cut = page.indexOf('~')
  const at = Number(page.slice(0, cut))
  if (cut < 1 || !Number.isSafeInteger(at))
    throw new ReachError('REACH_QUERY_UNSUPPORTED', 'the page after which to go on was not answered by this history')
  return { at, id: page.slice(cut + 1) }
}

import { messageId, parseMessageId } from '@reachkit/core/spec'
import type { HistoryFilter, HistoryRow, MessageLabels, MessageOutcome, MessageState } from '@reachkit/core/spec'
import type { SelectQueryBuilder } from 'kysely'
import type { ReachTables } from '../database/tables.js'
import type { Body } from '../ledger/bodies.js'
import { readBodies } from '../ledger/core.js'
import type { LedgerContext } from '../ledger/core.js'
import { laneOf } from '../ledger/entries.js'
import { readRanges } from '../ledger/ranges.js'
import { behind, fitting, inParcels } from './filter.js'
import type { Place } from './filter.js'
import type { GroupRow } from './groups.js'
import { longestRecipient, storable } from './texts.js'

export type ListingContext = Pick<LedgerContext, 'db' | 'dialect' | 'cache' | 'logger'>

/** A group with those of its messages that were asked for. */
export interface FoundGroup {
  readonly group: GroupRow
  readonly positions: readonly number[]
}

/** Groups as they are found: with those of a recipient, which of the parcel's messages are theirs. */
type FoundRow = GroupRow & { readonly theirs?: string }

/** Groups that fit a filter, parcel by parcel, newest first; each of its messages only where ids and recipient fit. */
export class Listing {
  readonly #context: ListingContext
  readonly #filter: HistoryFilter
  /** By parcel, where ids are asked for. */
  readonly #ids: ReadonlyMap<string, ReadonlySet<number>> | undefined

  constructor(context: ListingContext, filter: HistoryFilter) {
    this.#context = context
    this.#filter = filter
    this.#ids = filter.ids === undefined ? undefined : byParcel(filter.ids)
  }

  /** The groups of whole parcels behind a place, about so many, and where to go on. */
  async groups(
    after: Place | undefined,
    most: number,
  ): Promise<{ readonly groups: readonly GroupRow[]; readonly next: Place | undefined }> {
    const found = await this.#rows(after, most, undefined)
    const last = found.at(-1)
    if (found.length < most || last === undefined) return { groups: found, next: undefined }
    // The last parcel may have been cut.
    const whole = found.filter(({ parcel }) => parcel !== last.parcel)
    const rest = await this.#rows(undefined, undefined, last.parcel)
    return { groups: [...whole, ...rest], next: { at: last.accepted_at, parcel: last.parcel } }
  }

  /** What was asked for of a group. */
  narrow(group: FoundRow): FoundGroup {
    const ids = this.#ids?.get(group.parcel)
    const theirs = group.theirs === undefined ? undefined : new Set(readRanges(group.theirs))
    const positions = readRanges(group.positions)
    if (this.#ids === undefined && theirs === undefined) return { group, positions }
    return {
      group,
      positions: positions.filter(
        (position) => (this.#ids === undefined || ids?.has(position) === true) && theirs?.has(position) !== false,
      ),
    }
  }

  async #rows(
    after: Place | undefined,
    most: number | undefined,
    parcel: string | undefined,
  ): Promise<readonly FoundRow[]> {
    let query = this.#query()
    if (this.#ids !== undefined) query = query.where(inParcels([...this.#ids.keys()]))
    if (after !== undefined) query = query.where(behind(after))
    if (parcel !== undefined) query = query.where(inParcels([parcel]))
    if (most !== undefined) query = query.limit(most)
    return query.execute()
  }

  #query(): SelectQueryBuilder<ReachTables, 'reach_group', FoundRow> {
    const { db } = this.#context
    const { recipient } = this.#filter
    const groups = db.selectFrom('reach_group').where(fitting(this.#filter))
    if (recipient === undefined) {
      const ordered = groups.orderBy('reach_group.accepted_at', 'desc').orderBy('reach_group.parcel', 'desc')
      return ordered.orderBy('ordinal').selectAll('reach_group')
    }
    return groups
      .innerJoin('reach_recipient', 'reach_recipient.parcel', 'reach_group.parcel')
      .where('reach_recipient.recipient', '=', storable(recipient, longestRecipient))
      .orderBy('reach_recipient.accepted_at', 'desc')
      .orderBy('reach_recipient.parcel', 'desc')
      .orderBy('ordinal')
      .selectAll('reach_group')
      .select('reach_recipient.positions as theirs')
  }
}

function byParcel(ids: readonly string[]): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>()
  for (const id of ids) {
    const place = parseMessageId(id)
    if (place === undefined) continue
    const positions = found.get(place.parcel) ?? new Set<number>()
    found.set(place.parcel, positions.add(place.position))
  }
  return found
}

/** One row a message; the recipient, and what is not listed by, are read with the bodies. */
export async function rowsOf(context: ListingContext, found: readonly FoundRowOf[]): Promise<readonly HistoryRow[]> {
  const bodies = await readBodies(context, context.db, [...new Set(found.map(({ group }) => group.parcel))])
  return found.map(({ group, position }) => rowOf(group, position, bodies.get(group.parcel)?.bodies[position]))
}

/** One message of a group. */
export interface FoundRowOf {
  readonly group: GroupRow
  readonly position: number
}

function rowOf(group: GroupRow, position: number, body: Body | undefined): HistoryRow {
  const trigger = body?.labels.trigger
  return {
    id: messageId(group.parcel, position),
    tenant: group.tenant,
    type: group.type,
    recipient: body?.recipient ?? '',
    lane: laneOf(group.lane),
    labels: { ...labelsOf(group), ...(trigger !== undefined && { trigger }) },
    acceptedAt: group.accepted_at,
    state: group.state as MessageState,
    outcome: (group.outcome as MessageOutcome | null) ?? undefined,
    reason: group.reason ?? undefined,
    channels: channelsOf(group.channels),
  }
}

export function channelsOf(channels: string): readonly string[] {
  return channels.split(',').filter((channel) => channel !== '')
}

function labelsOf({ category, group_name: group, module, line }: GroupRow): MessageLabels {
  return {
    ...(category !== null && { category }),
    ...(group !== null && { group }),
    ...(module !== null && { module }),
    ...(line !== null && { line }),
  }
}

import { messageId, parseMessageId, ReachError } from '@reachkit/core/spec'
import type { History, HistoryEvent, HistoryFilter, HistoryPage, TimelineEntry } from '@reachkit/core/spec'
import type { Database } from '../database/dialect.js'
import { inList, parts } from '../ledger/bulk.js'
import { createTurn } from '../ledger/core.js'
import { laneOf } from '../ledger/entries.js'
import { fitting, readPage, writePage } from './filter.js'
import type { Place } from './filter.js'
import type { GroupRow } from './groups.js'
import { channelsOf, Listing, rowsOf } from './listing.js'
import type { FoundRowOf, ListingContext } from './listing.js'
import { unpackEvents } from './packed.js'
import { countReceived } from './received.js'
import type { ReceivedFilter } from './received.js'
import { longestName, longestRecipient, storable } from './texts.js'

const parcelsAtOnce = 64
const groupsAtOnce = 1_000

const countColumns = { type: 'type', outcome: 'outcome', state: 'state', lane: 'lane', channel: 'channels' } as const
type CountedBy = keyof typeof countColumns

/** History in tables: lists and counts from one row for messages that stand alike, timelines from what the ledger logged with each settlement. */
export class SqlHistory implements History {
  readonly specVersion = 1
  readonly #context: ListingContext
  readonly #db: Database['db']
  readonly #most: number

  constructor(context: ListingContext) {
    this.#context = context
    this.#db = context.db
    this.#most = Math.min(1_000, context.dialect.mostValues)
  }

  async list(filter: HistoryFilter, page: { readonly limit: number; readonly after?: string }): Promise<HistoryPage> {
    if (filter.ids?.length === 0) return { rows: [], next: undefined }
    this.#refuseMany(filter)
    const found = await this.#find(filter, page.limit + 1, page.after)
    const shown = found.slice(0, page.limit)
    const last = shown.at(-1)
    const next =
      found.length > page.limit && last !== undefined
        ? writePage(last.group.accepted_at, messageId(last.group.parcel, last.position))
        : undefined
    return { rows: await rowsOf(this.#context, shown), next }
  }

  /** Newest parcel first, and in each the last message first. */
  async #find(filter: HistoryFilter, most: number, after: string | undefined): Promise<readonly FoundRowOf[]> {
    const listing = new Listing(this.#context, filter)
    const found: FoundRowOf[] = []
    const page = after === undefined ? undefined : readPage(after)
    const from = page === undefined ? undefined : parseMessageId(page.id)
    // More messages of the parcel where the page ended may come.
    let place: Place | undefined = page && { at: page.at, parcel: from?.parcel ?? page.id, again: true }
    for (;;) {
      const { groups, next } = await listing.groups(place, most)
      for (const parcel of parcelsOf(groups)) {
        const messages = parcel.flatMap((row) => {
          const { group, positions } = listing.narrow(row)
          return positions.map((position) => ({ group, position }))
        })
        messages.sort((one, other) => other.position - one.position)
        for (const one of messages)
          if (one.group.parcel !== from?.parcel || one.position < from.position) found.push(one)
      }
      if (next === undefined || found.length >= most) return found
      place = next
    }
  }

  async timeline(ids: readonly string[]): Promise<readonly TimelineEntry[]> {
    const wanted = new Map<string, Set<number>>()
    for (const id of ids) {
      const place = parseMessageId(id)
      if (place === undefined) continue
      const positions = wanted.get(place.parcel) ?? new Set<number>()
      wanted.set(place.parcel, positions.add(place.position))
    }
    const entries: TimelineEntry[] = []
    for (const some of parts([...wanted.keys()], parcelsAtOnce)) {
      const parcels = await this.#accepted(some)
      for (const { parcel, acceptedAt, marks } of parcels)
        for (const position of wanted.get(parcel) ?? [])
          if (position < marks.length && marks[position] !== '-')
            entries.push({ id: messageId(parcel, position), step: 0, kind: 'accepted', at: acceptedAt })
      entries.push(...(await this.#logged(some, wanted)))
    }
    return entries.toSorted((one, other) => one.at - other.at)
  }

  async #accepted(
    parcels: readonly string[],
  ): Promise<readonly { readonly parcel: string; readonly acceptedAt: number; readonly marks: string }[]> {
    const rows = await this.#db
      .selectFrom('reach_parcel')
      .innerJoin('reach_progress', 'reach_progress.parcel', 'reach_parcel.id')
      .select(['reach_parcel.id', 'reach_parcel.accepted_at', 'reach_progress.marks'])
      .where('reach_parcel.id', 'in', inList(parcels))
      .execute()
    return rows.map(({ id, accepted_at: acceptedAt, marks }) => ({ parcel: id, acceptedAt, marks }))
  }

  /** In the order in which they were logged, each event once: the first time that it was told. */
  async #logged(
    parcels: readonly string[],
    wanted: ReadonlyMap<string, ReadonlySet<number>>,
  ): Promise<readonly TimelineEntry[]> {
    const rows = await this.#db
      .selectFrom('reach_log')
      .select(['parcel', 'events'])
      .where('parcel', 'in', inList(parcels))
      .orderBy('parcel')
      .orderBy('id')
      .execute()
    const turn = createTurn()
    const entries = new Map<string, TimelineEntry>()
    for (const { parcel, events } of rows) {
      if (turn.isOver()) await turn.end()
      for (const { position, event, at } of unpackEvents(events)) {
        if (wanted.get(parcel)?.has(position) !== true) continue
        const id = messageId(parcel, position)
        const key = `${id} ${keyOf(event)}`
        if (!entries.has(key)) entries.set(key, { ...event, at, id })
      }
    }
    return [...entries.values()]
  }

  /** Of the recipient's newest messages, as many as entries are asked for. */
  async timelineOf(recipient: string, tenant: string, limit: number): Promise<readonly TimelineEntry[]> {
    const found = await this.#find({ recipient, tenant }, limit, undefined)
    const newest = found.slice(0, limit).map(({ group, position }) => messageId(group.parcel, position))
    const entries = await this.timeline(newest)
    return entries.slice(Math.max(0, entries.length - limit))
  }

  async count(filter: HistoryFilter, by: CountedBy): Promise<Readonly<Record<string, number>>> {
    if (filter.ids?.length === 0) return {}
    this.#refuseMany(filter)
    const counts: Record<string, number> = {}
    const add = (row: Partial<GroupRow>, messages: number): void => {
      for (const value of valuesOf(row, by)) counts[value] = (counts[value] ?? 0) + messages
    }
    if (filter.ids === undefined && filter.recipient === undefined)
      for (const row of await this.#sums(filter, by)) add(row, row.messages)
    else await this.#countSome(filter, (group, messages) => add(group, messages))
    return counts
  }

  #sums(filter: HistoryFilter, by: CountedBy): Promise<readonly (Partial<GroupRow> & { readonly messages: number })[]> {
    const column = countColumns[by]
    return this.#db
      .selectFrom('reach_group')
      .select([column, (eb) => eb.fn.sum<number>('size').as('messages')])
      .where(fitting(filter))
      .groupBy(column)
      .execute()
  }

  /** Some messages of each group count. */
  async #countSome(filter: HistoryFilter, add: (group: GroupRow, messages: number) => void): Promise<void> {
    const listing = new Listing(this.#context, filter)
    let place: Place | undefined
    do {
      const { groups, next } = await listing.groups(place, groupsAtOnce)
      for (const row of groups) {
        const { positions } = listing.narrow(row)
        if (positions.length > 0) add(row, positions.length)
      }
      place = next
    } while (place !== undefined)
  }

  async received(filter: ReceivedFilter, recipients: readonly string[]): Promise<readonly number[]> {
    return countReceived(this.#context, filter, recipients)
  }

  async find(provider: string | undefined, providerIds: readonly string[]): Promise<readonly (string | undefined)[]> {
    const found = new Map<string, string>()
    const ids = providerIds.map((id) => storable(id, longestRecipient))
    for (const some of parts(ids, this.#most)) {
      let query = this.#db.selectFrom('reach_provider_id').select(['provider_id', 'message'])
      query = query.where('provider_id', 'in', inList(some))
      if (provider !== undefined) query = query.where('provider', '=', storable(provider, longestName))
      for (const row of await query.execute()) found.set(row.provider_id, row.message)
    }
    return ids.map((id) => found.get(id))
  }

  #refuseMany({ ids }: HistoryFilter): void {
    if (ids === undefined || ids.length <= this.#most) return
    throw new ReachError('REACH_QUERY_UNSUPPORTED', `a filter takes at most ${this.#most} ids, not ${ids.length}`)
  }
}

function keyOf({ step, kind, channel }: HistoryEvent): string {
  return `${step} ${kind} ${channel ?? ''}`
}

function valuesOf(row: Partial<GroupRow>, by: CountedBy): readonly string[] {
  if (by === 'channel') return channelsOf(row.channels ?? '')
  if (by === 'lane') return [laneOf(row.lane ?? 3)]
  return [row[by] ?? 'none']
}

/** Groups of one parcel come one after another. */
function parcelsOf(groups: readonly GroupRow[]): readonly (readonly GroupRow[])[] {
  const parcels: GroupRow[][] = []
  for (const group of groups) {
    const last = parcels.at(-1)
    if (last?.[0]?.parcel === group.parcel) last.push(group)
    else parcels.push([group])
  }
  return parcels
}

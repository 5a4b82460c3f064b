import { messageId, parseMessageId, ReachError } from '@reachkit/core/spec'
import type {
  History,
  HistoryEvent,
  HistoryFilter,
  HistoryPage,
  HistoryRow,
  MessageLabels,
  MessageOutcome,
  MessageState,
  TimelineEntry,
} from '@reachkit/core/spec'
import type { Selectable } from 'kysely'
import type { Database } from '../database/dialect.js'
import type { MessageTable } from '../database/tables.js'
import { inList, parts } from '../ledger/bulk.js'
import { createTurn } from '../ledger/core.js'
import { laneOf } from '../ledger/entries.js'
import { behind, fitting, newestFirst } from './filter.js'
import { longestName, longestRecipient, storable } from './message-rows.js'
import { unpackEvents } from './packed.js'

const parcelsAtOnce = 64

const countColumns = { type: 'type', outcome: 'outcome', state: 'state', lane: 'lane', channel: 'channels' } as const

/** History in tables: lists and counts from one row a message, timelines from what the ledger logged with each settlement. */
export class SqlHistory implements History {
  readonly specVersion = 1
  readonly #db: Database['db']
  readonly #most: number

  constructor({ db, dialect }: Database) {
    this.#db = db
    this.#most = Math.min(1_000, dialect.mostValues)
  }

  async list(filter: HistoryFilter, page: { readonly limit: number; readonly after?: string }): Promise<HistoryPage> {
    if (filter.ids?.length === 0) return { rows: [], next: undefined }
    this.#refuseMany(filter)
    const query = this.#db.selectFrom('reach_message').selectAll().where(fitting(filter)).where(behind(page.after))
    const rows = await newestFirst(query)
      .limit(page.limit + 1)
      .execute()
    const shown = rows.slice(0, page.limit)
    const last = shown.at(-1)
    const next = rows.length > page.limit && last !== undefined ? `${last.accepted_at}~${last.id}` : undefined
    return { rows: shown.map(rowOf), next }
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
    const query = this.#db.selectFrom('reach_message').select(['id']).where(fitting({ recipient, tenant }))
    const rows = await newestFirst(query).limit(limit).execute()
    const entries = await this.timeline(rows.map(({ id }) => id))
    return entries.slice(Math.max(0, entries.length - limit))
  }

  async count(
    filter: HistoryFilter,
    by: 'type' | 'channel' | 'outcome' | 'state' | 'lane',
  ): Promise<Readonly<Record<string, number>>> {
    if (filter.ids?.length === 0) return {}
    this.#refuseMany(filter)
    const column = countColumns[by]
    const rows = await this.#db
      .selectFrom('reach_message')
      .select([column, (eb) => eb.fn.countAll<number>().as('messages')])
      .where(fitting(filter))
      .groupBy(column)
      .execute()
    const counts: Record<string, number> = {}
    for (const row of rows) {
      const { messages } = row
      for (const value of valuesOf(row, by)) counts[value] = (counts[value] ?? 0) + messages
    }
    return counts
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

function valuesOf(
  row: Partial<Pick<MessageTable, 'type' | 'outcome' | 'state' | 'lane' | 'channels'>>,
  by: 'type' | 'channel' | 'outcome' | 'state' | 'lane',
): readonly string[] {
  if (by === 'channel') return channelsIn(row.channels ?? '')
  if (by === 'lane') return [laneOf(row.lane ?? 3)]
  return [row[by] ?? 'none']
}

function channelsIn(channels: string): readonly string[] {
  return channels.split(',').filter((channel) => channel !== '')
}

function rowOf(row: Selectable<MessageTable>): HistoryRow {
  const { id, tenant, type, recipient, lane, accepted_at: acceptedAt, state, outcome, reason, channels } = row
  return {
    id,
    tenant,
    type,
    recipient,
    lane: laneOf(lane),
    labels: labelsOf(row),
    acceptedAt,
    state: state as MessageState,
    outcome: (outcome as MessageOutcome | null) ?? undefined,
    reason: reason ?? undefined,
    channels: channelsIn(channels),
  }
}

function labelsOf({ category, group_name: group, module, line }: Selectable<MessageTable>): MessageLabels {
  return {
    ...(category !== null && { category }),
    ...(group !== null && { group }),
    ...(module !== null && { module }),
    ...(line !== null && { line }),
  }
}

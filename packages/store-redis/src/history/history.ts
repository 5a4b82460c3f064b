import type { History, HistoryFilter, HistoryPage, HistoryRow, TimelineEntry } from '@reachkit/core/spec'
import { ReachError, parseMessageId } from '@reachkit/core/spec'
import { storeTime } from '../client/store-time.js'
import type { LedgerContext } from '../ledger/context.js'
import type { HistoryParcel } from './archive.js'
import { fits, isNewer, newestFirst, placeOf } from './filter.js'
import type { Place } from './filter.js'
import { Periods } from './periods.js'
import { Received } from './received.js'
import { readTold } from './read.js'
import { scan } from './scan.js'
import { idsAtProvider, idsOfRecipient } from './search.js'

const countables = ['type', 'lane', 'state'] as const

/**
 * History on Redis: by ids, by recipient and tenant, and by time. Other filters scan the range of time that is asked for,
 * and a range with too much in it is refused.
 */
export class RedisHistory implements History {
  readonly specVersion = 1
  readonly #context: LedgerContext
  readonly #periods: Periods
  /** Left out where no history is kept: what is only in `retention` is soon gone. */
  readonly received?: NonNullable<History['received']>

  constructor(context: LedgerContext) {
    this.#context = context
    this.#periods = new Periods(context.settings.historyMs)
    if (context.settings.historyMs === 0) return
    const received = new Received(context, this.#periods)
    this.received = async (filter, recipients) => received.counts(filter, recipients)
  }

  async list(filter: HistoryFilter, page: { readonly limit: number; readonly after?: string }): Promise<HistoryPage> {
    const after = page.after === undefined ? undefined : placeOf(page.after)
    const rows: HistoryRow[] = []
    await this.#visit(filter, after, (row) => {
      rows.push(row)
      return rows.length <= page.limit
    })
    const shown = rows.slice(0, page.limit)
    const last = shown.at(-1)
    return {
      rows: shown,
      next: rows.length > page.limit && last !== undefined ? `${last.acceptedAt}:${last.id}` : undefined,
    }
  }

  async timeline(ids: readonly string[]): Promise<readonly TimelineEntry[]> {
    return (await this.#timelines(ids)).toSorted((a, b) => a.at - b.at)
  }

  async timelineOf(recipient: string, tenant: string, limit: number): Promise<readonly TimelineEntry[]> {
    const ids: string[] = []
    await this.#visit({ recipient, tenant }, undefined, (row) => {
      ids.push(row.id)
      return ids.length < limit
    })
    const told = (await this.#timelines(ids)).toSorted((a, b) => a.at - b.at)
    return told.slice(Math.max(0, told.length - limit))
  }

  async count(
    filter: HistoryFilter,
    by: 'type' | 'channel' | 'outcome' | 'state' | 'lane',
  ): Promise<Readonly<Record<string, number>>> {
    const counts = new Map<string, number>()
    await this.#visit(filter, undefined, (row) => {
      for (const value of valuesOf(row, by)) counts.set(value, (counts.get(value) ?? 0) + 1)
      return true
    })
    return Object.fromEntries(counts)
  }

  async find(provider: string | undefined, providerIds: readonly string[]): Promise<readonly (string | undefined)[]> {
    if (providerIds.length === 0 || this.#context.settings.historyMs === 0) return providerIds.map(() => undefined)
    const now = await storeTime(this.#context.scripts)
    const periods = this.#periods.between(now - this.#context.settings.historyMs, now)
    const found: (string | undefined)[] = providerIds.map(() => undefined)
    const shards = await this.#context.shards.all()
    // Mostly it was sent a moment ago: older periods are searched for the others alone.
    for (const some of [periods.slice(0, 1), periods.slice(1)]) {
      for (const shard of shards) {
        const left = providerIds.flatMap((id, index) => (found[index] === undefined ? [{ id, index }] : []))
        if (left.length === 0) return found
        const of = { provider, providerIds: left.map(({ id }) => id) }
        const ids = await idsAtProvider(this.#context, shard, of, some)
        for (const [at, { index }] of left.entries()) found[index] = ids[at]
      }
    }
    return found
  }

  /** Shows rows that fit, newest first, until `show` answers false. */
  async #visit(filter: HistoryFilter, after: Place | undefined, show: (row: HistoryRow) => boolean): Promise<void> {
    const wanted =
      filter.ids ??
      (filter.recipient !== undefined && filter.tenant !== undefined
        ? await this.#idsOf(filter.recipient, filter.tenant, filter)
        : undefined)
    if (wanted === undefined) return scan(this.#context, filter, after, show)
    const rows = (await this.#rows(wanted)).filter((row) => fits(row, filter) && isNewer(after, row))
    for (const row of rows.toSorted(newestFirst)) if (!show(row)) return
  }

  async #rows(ids: readonly string[]): Promise<HistoryRow[]> {
    const places = [...new Set(ids)].flatMap((id) => parseMessageId(id) ?? [])
    const parcels = await readTold(
      this.#context,
      places.map(({ parcel }) => parcel),
    )
    return places.flatMap(({ parcel, position }) => parcels.get(parcel)?.history.row(position) ?? [])
  }

  async #timelines(ids: readonly string[]): Promise<TimelineEntry[]> {
    const places = ids.flatMap((id) => parseMessageId(id) ?? [])
    const parcels = await readTold(
      this.#context,
      places.map(({ parcel }) => parcel),
    )
    return places.flatMap(({ parcel, position }) => timelineOf(parcels.get(parcel)?.history, position))
  }

  /** The messages that are noted at a recipient, in the range of time that the filter asks for. */
  async #idsOf(recipient: string, tenant: string, { from, to }: HistoryFilter): Promise<readonly string[]> {
    const { scripts, settings, shards } = this.#context
    if (settings.historyMs === 0) {
      throw new ReachError('REACH_QUERY_UNSUPPORTED', 'this store keeps no history: see the option `history`')
    }
    const now = await storeTime(scripts)
    const oldest = now - settings.historyMs
    const periods = this.#periods.between(Math.max(from ?? oldest, oldest), Math.min(to ?? now, now))
    return idsOfRecipient(this.#context, shards.of(tenant), { tenant, recipient }, periods)
  }
}

function timelineOf(parcel: HistoryParcel | undefined, position: number): TimelineEntry[] {
  const row = parcel?.row(position)
  if (parcel === undefined || row === undefined) return []
  const { id, acceptedAt } = row
  return [
    { id, step: 0, kind: 'accepted', at: acceptedAt },
    ...parcel.events(position).map((event) => ({ ...event, id })),
  ]
}

function valuesOf(row: HistoryRow, by: 'type' | 'channel' | 'outcome' | 'state' | 'lane'): readonly string[] {
  if (by === 'channel') return row.channels
  if (by === 'outcome') return [row.outcome ?? 'none']
  return countables.flatMap((name) => (name === by ? [row[name]] : []))
}

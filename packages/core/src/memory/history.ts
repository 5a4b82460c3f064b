import { ReachError } from '../spec/index.js'
import type { History, HistoryFilter, HistoryPage, HistoryRow, TimelineEntry } from '../spec/index.js'
import type { Slot } from './parcel.js'
import { providerKey } from './tables.js'
import type { Tables } from './tables.js'

/** History over what the memory ledger still keeps: every filter, by scanning, newest first. */
export class MemoryHistory implements History {
  readonly specVersion = 1
  readonly #tables: Tables

  constructor(tables: Tables) {
    this.#tables = tables
  }

  async list(filter: HistoryFilter, page: { readonly limit: number; readonly after?: string }): Promise<HistoryPage> {
    const rows = this.#rows(filter)
    const start = page.after === undefined ? 0 : rows.findIndex((row) => row.id === page.after) + 1
    if (page.after !== undefined && start === 0) {
      throw new ReachError('REACH_QUERY_UNSUPPORTED', 'the page after which to go on is past its retention')
    }
    const shown = rows.slice(start, start + page.limit)
    const more = start + page.limit < rows.length
    return { rows: shown, next: more ? shown.at(-1)?.id : undefined }
  }

  async timeline(ids: readonly string[]): Promise<readonly TimelineEntry[]> {
    return ids.flatMap((id) => this.#tables.slot(id)?.timeline ?? []).toSorted((a, b) => a.at - b.at)
  }

  async timelineOf(recipient: string, tenant: string, limit: number): Promise<readonly TimelineEntry[]> {
    const entries = this.#slots({ recipient, tenant }).flatMap((slot) => slot.timeline)
    return entries.toSorted((a, b) => a.at - b.at).slice(-limit)
  }

  async count(
    filter: HistoryFilter,
    by: 'type' | 'channel' | 'outcome' | 'state' | 'lane',
  ): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {}
    for (const row of this.#rows(filter)) {
      for (const value of valuesOf(row, by)) counts[value] = (counts[value] ?? 0) + 1
    }
    return counts
  }

  async find(provider: string | undefined, providerIds: readonly string[]): Promise<readonly (string | undefined)[]> {
    const known = provider === undefined ? [...this.#tables.providers] : [provider]
    return providerIds.map((id) => this.#find(known, id))
  }

  #find(providers: readonly (string | undefined)[], id: string): string | undefined {
    for (const provider of providers) {
      const found = this.#tables.providerIds.get(providerKey(provider, id))
      if (found !== undefined) return found
    }
    return undefined
  }

  #slots(filter: HistoryFilter): Slot[] {
    const found: Slot[] = []
    for (const parcel of this.#tables.parcels.values()) {
      for (const slot of parcel.slots) if (slot !== undefined && fits(slot, filter)) found.push(slot)
    }
    return found
  }

  #rows(filter: HistoryFilter): HistoryRow[] {
    return this.#slots(filter).map(rowOf).toReversed()
  }
}

function valuesOf(row: HistoryRow, by: 'type' | 'channel' | 'outcome' | 'state' | 'lane'): readonly string[] {
  if (by === 'channel') return row.channels
  return [row[by] ?? 'none']
}

function rowOf(slot: Slot): HistoryRow {
  const { id, message, parcel, state, outcome, reason } = slot
  const { type, recipient, lane, labels } = message
  const { tenant, acceptedAt } = parcel
  return {
    id,
    tenant,
    type,
    recipient,
    lane,
    labels,
    acceptedAt,
    state,
    outcome,
    reason: reason?.code,
    channels: channelsOf(slot),
  }
}

function channelsOf(slot: Slot): readonly string[] {
  return [...new Set(slot.events.flatMap((event) => (event.channel === undefined ? [] : [event.channel])))]
}

function fits(slot: Slot, filter: HistoryFilter): boolean {
  const { message, parcel } = slot
  return (
    isWanted(filter.tenant, parcel.tenant) &&
    isWanted(filter.recipient, message.recipient) &&
    isWanted(filter.type, message.type) &&
    isWanted(filter.category, message.labels.category) &&
    isWanted(filter.group, message.labels.group) &&
    isWanted(filter.module, message.labels.module) &&
    isWanted(filter.line, message.labels.line) &&
    isWanted(filter.lane, message.lane) &&
    isWanted(filter.state, slot.state) &&
    isWanted(filter.outcome, slot.outcome) &&
    (filter.ids === undefined || filter.ids.includes(slot.id)) &&
    (filter.from === undefined || parcel.acceptedAt >= filter.from) &&
    (filter.to === undefined || parcel.acceptedAt < filter.to) &&
    (filter.channel === undefined || channelsOf(slot).includes(filter.channel))
  )
}

function isWanted(wanted: unknown, value: unknown): boolean {
  return wanted === undefined || wanted === value
}

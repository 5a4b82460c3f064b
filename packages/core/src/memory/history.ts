import { ReachError } from '../spec/index.js'
import type { History, HistoryFilter, HistoryPage, HistoryRow, MessageOutcome, TimelineEntry } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import { BoundedSort } from './bounded-sort.js'
import type { Parcel, Slot } from './parcel.js'
import { providerKey } from './tables.js'
import type { Tables } from './tables.js'

/**
 * History over what the memory ledger still keeps: every filter, by scanning. An index would cost every message of the
 * hot path, and a scan that gives way keeps nobody waiting.
 */
export class MemoryHistory implements History {
  readonly specVersion = 1
  readonly #tables: Tables

  constructor(tables: Tables) {
    this.#tables = tables
  }

  /** Goes by place, not by number: what was shown may fit the filter no more when the next page is asked for. */
  async list(filter: HistoryFilter, page: { readonly limit: number; readonly after?: string }): Promise<HistoryPage> {
    const end = page.after === undefined ? undefined : this.#tables.slot(page.after)
    const older: Slot[] = []
    await this.#scan(filter, (slot) => older.push(slot), end)
    if (page.after !== undefined && (end === undefined || this.#tables.slot(page.after) !== end))
      throw new ReachError('REACH_QUERY_UNSUPPORTED', 'the page after which to go on is past its retention')
    const start = Math.max(0, older.length - page.limit)
    const shown = older.slice(start).toReversed()
    // Some may have moved on while the scan gave way.
    const rows = shown.filter((slot) => fits(slot, filter)).map(rowOf)
    return { rows, next: start > 0 ? shown.at(-1)?.id : undefined }
  }

  async timeline(ids: readonly string[]): Promise<readonly TimelineEntry[]> {
    const yielder = createYielder(this.#tables.clock)
    const entries: TimelineEntry[] = []
    for (const id of ids) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      entries.push(...(this.#tables.slot(id)?.timeline ?? []))
    }
    await yielder.handOver()
    return entries.toSorted(oldestFirst)
  }

  async timelineOf(recipient: string, tenant: string, limit: number): Promise<readonly TimelineEntry[]> {
    const newest = new BoundedSort<TimelineEntry>('last', limit, oldestFirst)
    await this.#scan({ recipient, tenant }, (slot) => slot.timeline.forEach((entry) => newest.add(entry)))
    return newest.sorted()
  }

  async count(
    filter: HistoryFilter,
    by: 'type' | 'channel' | 'outcome' | 'state' | 'lane',
  ): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {}
    await this.#scan(filter, (slot) => {
      for (const value of valuesOf(slot, by)) counts[value] = (counts[value] ?? 0) + 1
    })
    return counts
  }

  async received(
    { tenant, type, since }: { readonly tenant: string; readonly type?: string; readonly since: number },
    recipients: readonly string[],
  ): Promise<readonly number[]> {
    const counts = new Map(recipients.map((recipient) => [recipient, 0]))
    await this.#scan({ tenant, from: since, ...(type !== undefined && { type }) }, ({ message, outcome }) => {
      const count = counts.get(message.recipient)
      if (count !== undefined && wasSent(outcome)) counts.set(message.recipient, count + 1)
    })
    return recipients.map((recipient) => counts.get(recipient) ?? 0)
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

  /** Shows what fits, in the order of acceptance, as far as `end`. Gives way by time, so that messages move on meanwhile. */
  async #scan(filter: HistoryFilter, show: (slot: Slot) => void, end?: Slot): Promise<void> {
    const yielder = createYielder(this.#tables.clock)
    const wanted = filter.ids && new Set(filter.ids.map((id) => this.#tables.slot(id)))
    for (const parcel of this.#tables.parcels.values()) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      if (!mayHold(parcel, filter)) {
        if (parcel === end?.parcel) return
        continue
      }
      for (const slot of parcel.slots) {
        if (slot === undefined) continue
        if (slot === end) return
        if ((wanted === undefined || wanted.has(slot)) && fits(slot, filter)) show(slot)
      }
    }
    await yielder.handOver()
  }
}

function valuesOf(slot: Slot, by: 'type' | 'channel' | 'outcome' | 'state' | 'lane'): readonly string[] {
  switch (by) {
    case 'channel':
      return channelsOf(slot)
    case 'state':
      return [slot.state]
    case 'outcome':
      return [slot.outcome ?? 'none']
    case 'type':
    case 'lane':
      return [slot.message[by]]
  }
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

/** What all messages of a parcel have in common. */
function mayHold({ tenant, acceptedAt }: Parcel, filter: HistoryFilter): boolean {
  return (
    isWanted(filter.tenant, tenant) &&
    (filter.from === undefined || acceptedAt >= filter.from) &&
    (filter.to === undefined || acceptedAt < filter.to)
  )
}

function fits(slot: Slot, filter: HistoryFilter): boolean {
  const { message } = slot
  return (
    isWanted(filter.recipient, message.recipient) &&
    isWanted(filter.type, message.type) &&
    isWanted(filter.category, message.labels.category) &&
    isWanted(filter.group, message.labels.group) &&
    isWanted(filter.module, message.labels.module) &&
    isWanted(filter.line, message.labels.line) &&
    isWanted(filter.lane, message.lane) &&
    isWanted(filter.state, slot.state) &&
    isWanted(filter.outcome, slot.outcome) &&
    (filter.channel === undefined || channelsOf(slot).includes(filter.channel))
  )
}

function wasSent(outcome: MessageOutcome | undefined): boolean {
  return outcome === 'sent' || outcome === 'partly-sent'
}

function oldestFirst(a: TimelineEntry, b: TimelineEntry): number {
  return a.at - b.at
}

function isWanted(wanted: unknown, value: unknown): boolean {
  return wanted === undefined || wanted === value
}

import type { Envelope, HistoryEvent } from '@reachkit/core/spec'
import type { Dialect, Queries } from '../database/dialect.js'
import { logTarget, logValues } from '../history/log.js'
import type { LoggedEvent } from '../history/packed.js'
import type { BulkTarget } from './bulk.js'
import { inList, insertRows } from './bulk.js'
import { readCargo, writeCargo } from './cargo.js'
import { entryTarget, entryValues, envelopeOf, keepPositions, laneOf } from './entries.js'
import type { FreshEntry } from './entries.js'
import { Standing } from './standing.js'
import type { ProgressRow } from './standing.js'

/** What a unit of work has written: for the pool, which has to wake up, and for history, which has to be told. */
export interface Written {
  readonly envelopes: readonly Envelope[]
  readonly parcels: readonly WrittenParcel[]
}

export interface WrittenParcel {
  readonly parcel: string
  /** The version that this made of it. */
  readonly version: number
  /** How many messages it has. */
  readonly size: number
  readonly events: readonly LoggedEvent[]
  readonly done: boolean
}

export interface LoadedEntry {
  readonly id: string
  readonly tenant: string
  readonly token: string | null
}

export interface UnitChanges {
  readonly progress: readonly ProgressRow[]
  readonly logs: readonly (readonly unknown[])[]
  /** Each with the token that holds it. */
  readonly removed: readonly (readonly [id: string, token: string | null])[]
  /** Leases that must still be held; those that are renewed with what becomes of them. */
  readonly held: readonly {
    readonly id: string
    readonly token: string
    readonly until: number | null
    readonly slices: number | null
  }[]
  readonly added: readonly (readonly unknown[])[]
}

type EntryOfParcel = LoadedEntry & FreshEntry & { readonly dead_leases: string | null }

const progressTarget: BulkTarget<'reach_progress'> = {
  table: 'reach_progress',
  columns: ['parcel', 'version', 'told', 'open', 'done_at', 'marks', 'notes'],
  keys: 1,
  onKnown: 'replace',
}

/**
 * One transaction's view of the ledger: what is concerned is read once, with its rows locked (progress before entries,
 * each in order of its key, so that two units never wait for each other), changed in memory by the rules, and written in
 * one statement a table.
 */
export class Unit {
  readonly standings: Map<string, Standing> = new Map()
  readonly entries: Map<string, LoadedEntry> = new Map()
  /** By the store's clock, as of the last read; 0 before any. */
  now = 0
  readonly #trx: Queries
  readonly #dialect: Dialect
  readonly #byParcel = new Map<string, Map<string, EntryOfParcel>>()
  readonly #added = new Map<string, FreshEntry>()
  /** With the token that they had. */
  readonly #removed = new Map<string, string | null>()
  readonly #relied = new Map<string, string>()
  readonly #recargoed = new Map<string, EntryOfParcel>()
  readonly #renewed = new Map<
    string,
    { readonly leaseMs: number; readonly slices: number; readonly ids: Set<string> }
  >()
  readonly #logged = new Map<string, LoggedEvent[]>()

  constructor(trx: Queries, dialect: Dialect) {
    this.#trx = trx
    this.#dialect = dialect
  }

  async loadParcels(parcels: readonly string[]): Promise<void> {
    if (parcels.length === 0) return
    const query = this.#trx
      .selectFrom('reach_progress')
      .select(['parcel', 'version', 'told', 'open', 'done_at', 'marks', 'notes', this.#dialect.now.as('now')])
      .where('parcel', 'in', inList(parcels))
      .orderBy('parcel')
    for (const { now, ...row } of await this.#dialect.locked(query).execute()) {
      this.now = now
      this.standings.set(row.parcel, new Standing(row))
    }
  }

  async loadEntries(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const query = this.#trx
      .selectFrom('reach_entry')
      .select(['id', 'tenant', 'token', this.#dialect.now.as('now')])
      .where('id', 'in', inList(ids))
      .orderBy('id')
    for (const { now, ...row } of await this.#dialect.locked(query).execute()) {
      this.now = now
      this.entries.set(row.id, row)
    }
  }

  /** The entries of whole parcels: a message may have to be taken out of the one that it is in. */
  async loadEntriesOf(parcels: readonly string[]): Promise<void> {
    if (parcels.length === 0) return
    const query = this.#trx
      .selectFrom('reach_entry')
      .select(['id', 'tenant', 'lane', 'due', 'weight', 'parcel', 'cargo', 'token', 'dead_leases'])
      .where('parcel', 'in', inList(parcels))
      .orderBy('id')
    for (const { lane, cargo, parcel, ...row } of await this.#dialect.locked(query).execute()) {
      const entry = { ...row, lane: laneOf(lane), cargo: readCargo(cargo) }
      this.#entriesOf(parcel ?? '').set(row.id, entry)
    }
  }

  /** Where an entry is gone, only its parcel knows the tenant. */
  async tenants(parcels: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (parcels.length === 0) return new Map()
    const query = this.#trx.selectFrom('reach_parcel').select(['id', 'tenant']).where('id', 'in', inList(parcels))
    return new Map((await query.execute()).map(({ id, tenant }) => [id, tenant]))
  }

  renew(id: string, leaseMs: number, slices: number): void {
    const key = `${leaseMs} ${slices}`
    const group = this.#renewed.get(key) ?? { leaseMs, slices, ids: new Set<string>() }
    for (const other of this.#renewed.values()) other.ids.delete(id)
    group.ids.add(id)
    this.#renewed.set(key, group)
  }

  /** The entry, where this token holds its lease: what is done for that counts only as long as it does. */
  held(id: string, token: string): LoadedEntry | undefined {
    const entry = this.entries.get(id)
    if (entry === undefined || entry.token !== token) return undefined
    this.#relied.set(id, token)
    return entry
  }

  remove(id: string): void {
    const token = this.entries.get(id)?.token ?? null
    this.entries.delete(id)
    if (!this.#added.delete(id)) this.#removed.set(id, token)
  }

  add(entry: FreshEntry): void {
    this.#added.set(entry.id, entry)
  }

  /** A message that has moved on leaves its entry, where nobody works or died on that: it would be passed over there. */
  takeOut(parcel: string, position: number): void {
    for (const entry of this.#added.values()) {
      if (!holds(entry, parcel, position)) continue
      const kept = keepPositions(entry, (other) => other !== position)
      if (kept === undefined) this.#added.delete(entry.id)
      else this.#added.set(entry.id, kept)
    }
    const stored = this.#entriesOf(parcel)
    for (const entry of stored.values()) {
      if (entry.token !== null || entry.dead_leases !== null || !holds(entry, parcel, position)) continue
      const kept = keepPositions(entry, (other) => other !== position)
      if (kept === undefined) {
        stored.delete(entry.id)
        this.#recargoed.delete(entry.id)
        this.#removed.set(entry.id, entry.token)
      } else {
        stored.set(entry.id, kept)
        this.#recargoed.set(entry.id, kept)
      }
    }
  }

  log(parcel: string, position: number, events: readonly HistoryEvent[]): void {
    if (events.length === 0) return
    const logged = this.#logged.get(parcel) ?? []
    for (const event of events) logged.push({ position, event, at: event.at ?? this.now })
    this.#logged.set(parcel, logged)
  }

  /** Writes what changed, and answers what is to be told after the commit. */
  async write(): Promise<Written> {
    const trx = this.#trx
    await insertRows(
      trx,
      this.#dialect,
      progressTarget,
      this.#changed.map((standing) => progressValues(standing.row())),
    )
    await insertRows(trx, this.#dialect, logTarget, this.#logs)
    await this.#writeEntries()
    return this.written
  }

  /** What changed, to be written by one statement that checks that nobody else did meanwhile. */
  get changes(): UnitChanges {
    const renewed = new Map(
      [...this.#renewed.values()].flatMap(({ leaseMs, slices, ids }) =>
        [...ids].map((id) => [id, { until: this.now + Math.trunc(leaseMs), slices }] as const),
      ),
    )
    const held = [...this.#relied].filter(([id]) => !this.#removed.has(id))
    return {
      progress: this.#changed.map((standing) => standing.row()),
      logs: this.#logs,
      removed: [...this.#removed],
      held: held.map(([id, token]) => ({ id, token, until: null, slices: null, ...renewed.get(id) })),
      added: this.#fresh.map((entry) => entryValues(entry, this.now)),
    }
  }

  /** What is to be told once the changes are written. */
  get written(): Written {
    const parcels = this.#changed.map(({ parcel, version, size, open }) => ({
      parcel,
      version: version + 1,
      size,
      events: this.#logged.get(parcel) ?? [],
      done: open === 0,
    }))
    return { envelopes: [...this.#added.values()].map(envelopeOf), parcels }
  }

  get #changed(): readonly Standing[] {
    return [...this.standings.values()].filter(({ changed: { size }, parcel }) => size > 0 || this.#logged.has(parcel))
  }

  get #logs(): readonly (readonly unknown[])[] {
    return [...this.#logged].map(([parcel, events]) => logValues(parcel, events, this.now))
  }

  get #fresh(): readonly FreshEntry[] {
    return [...this.#added.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1))
  }

  async #writeEntries(): Promise<void> {
    const trx = this.#trx
    if (this.#removed.size > 0)
      await trx.deleteFrom('reach_entry').where('id', 'in', inList(this.#removed.keys())).execute()
    for (const [id, { cargo }] of this.#recargoed)
      await trx
        .updateTable('reach_entry')
        .set({ cargo: writeCargo(cargo) })
        .where('id', '=', id)
        .execute()
    for (const { leaseMs, slices, ids } of this.#renewed.values()) {
      const kept = [...ids].filter((id) => !this.#removed.has(id))
      if (kept.length === 0) continue
      const update = trx.updateTable('reach_entry').set({ lease_until: this.now + Math.trunc(leaseMs), slices })
      await update.where('id', 'in', inList(kept)).execute()
    }
    await insertRows(
      trx,
      this.#dialect,
      entryTarget,
      this.#fresh.map((entry) => entryValues(entry, this.now)),
    )
  }

  #entriesOf(parcel: string): Map<string, EntryOfParcel> {
    const known = this.#byParcel.get(parcel)
    if (known !== undefined) return known
    const made = new Map<string, EntryOfParcel>()
    this.#byParcel.set(parcel, made)
    return made
  }
}

function holds({ cargo }: FreshEntry, parcel: string, position: number): boolean {
  return cargo.kind === 'messages' && cargo.parcel === parcel && cargo.positions.includes(position)
}

function progressValues(row: ProgressRow): readonly unknown[] {
  return [row.parcel, row.version, row.told, row.open, row.done_at, row.marks, row.notes]
}

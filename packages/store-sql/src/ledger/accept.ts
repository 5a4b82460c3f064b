import { messageId } from '@reachkit/core/spec'
import type { Acceptance, CursorMove, NewParcel, Settled } from '@reachkit/core/spec'
import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Dialect } from '../database/dialect.js'
import type { ReachTables } from '../database/tables.js'
import { bodiesOf, packBodies } from './bodies.js'
import type { Body, ParcelBodies } from './bodies.js'
import type { BulkTarget } from './bulk.js'
import { inList, insertRows } from './bulk.js'
import { claimDigests } from './digests.js'
import { entryTarget, entryValues, envelopeOf, keepPositions } from './entries.js'
import type { FreshEntry } from './entries.js'
import { absentMark, doneMark, waitingMark } from './marks.js'
import { writeNotes } from './notes.js'
import type { Note } from './notes.js'
import { Standing } from './standing.js'
import type { ProgressRow } from './standing.js'

/** A parcel with what is made of it before its transaction begins. */
export interface PackedParcel {
  readonly source: NewParcel
  readonly bodies: readonly Body[]
  readonly packed: Uint8Array
}

interface AcceptedParcel {
  readonly parcel: string
  readonly bodies: ParcelBodies
  readonly done: boolean
}

export interface Accepted {
  readonly answers: readonly Acceptance[]
  readonly entries: readonly FreshEntry[]
  readonly parcels: readonly AcceptedParcel[]
}

const parcelTarget: BulkTarget<'reach_parcel'> = {
  table: 'reach_parcel',
  columns: ['id', 'tenant', 'accepted_at', 'size', 'run', 'bodies'],
  keys: 1,
  onKnown: 'fail',
}

const freshProgress: BulkTarget<'reach_progress'> = {
  table: 'reach_progress',
  columns: ['parcel', 'version', 'told', 'open', 'done_at', 'marks', 'notes'],
  keys: 1,
  onKnown: 'fail',
}

export function packParcel(source: NewParcel): PackedParcel {
  const bodies = bodiesOf(source.messages)
  return { source, bodies, packed: packBodies(bodies) }
}

/** Accepts parcels in one transaction. A key that somebody else has written meanwhile is an error: then it is done again. */
export async function acceptAll(
  trx: Transaction<ReachTables>,
  dialect: Dialect,
  parcels: readonly PackedParcel[],
): Promise<Accepted> {
  const { known, now } = await knownParcels(trx, dialect, parcels)
  const cursors = await Cursors.load(
    trx,
    dialect,
    parcels.filter(({ source }) => !known.has(source.id)),
  )
  const fresh: PackedParcel[] = []
  const kinds = parcels.map((parcel) => {
    const { id, cursor } = parcel.source
    if (known.has(id) || fresh.some(({ source }) => source.id === id)) return 'known'
    if (cursor !== undefined && !cursors.move(cursor)) return 'cursor-moved'
    fresh.push(parcel)
    return 'accepted'
  })
  await cursors.write(trx, now)
  const firsts = await claimDigests(
    trx,
    dialect,
    fresh.map(({ source }) => source),
    now,
  )
  const made = new Map(fresh.map((parcel) => [parcel.source.id, makeParcel(parcel, firsts.of(parcel.source), now)]))
  await writeParcels(trx, dialect, [...made.values()], now)
  const told = new Set<string>()
  const answers = parcels.map(({ source: { id, messages } }, index): Acceptance => {
    if (kinds[index] === 'cursor-moved') return { status: 'cursor-moved', ids: [], deduplicated: [], envelopes: [] }
    const status = kinds[index] === 'known' || told.has(id) ? 'known' : 'accepted'
    told.add(id)
    const of = made.get(id)
    const stored = known.get(id)
    const answer = idsOf(id, stored?.size ?? messages.length, stored?.firsts ?? of?.firsts ?? new Map())
    return { status, ...answer, envelopes: status === 'known' ? [] : (of?.entries.map(envelopeOf) ?? []) }
  })
  const stored = [...made.values()].filter(({ isStored }) => isStored)
  return { answers, entries: stored.flatMap(({ entries }) => entries), parcels: stored.map(acceptedOf(now)) }
}

type KnownRow = Partial<Nullable<ProgressRow>> & { readonly now: number }
type Nullable<T> = { readonly [Key in keyof T]: T[Key] | null }

/** Those that were accepted before, and the time of the store's clock: in one round trip. */
async function knownParcels(
  trx: Transaction<ReachTables>,
  dialect: Dialect,
  parcels: readonly PackedParcel[],
): Promise<{ readonly known: Map<string, Standing>; readonly now: number }> {
  const ids = inList(parcels.map(({ source }) => source.id))
  const { rows } = await sql<KnownRow>`
    select ${dialect.now} as now, p.parcel, p.version, p.told, p.open, p.done_at, p.marks, p.notes
    from (select 1 as one) as here left join reach_progress as p on p.parcel in (${sql.join(ids)})`.execute(trx)
  const known = rows.flatMap((row) => (isProgress(row) ? new Standing(row) : []))
  return { known: new Map(known.map((standing) => [standing.parcel, standing])), now: rows[0]?.now ?? 0 }
}

function isProgress(row: KnownRow): row is ProgressRow & KnownRow {
  return typeof row.parcel === 'string'
}

/** Cursors of runs, read with their rows locked, and moved in the order of the parcels. */
class Cursors {
  readonly #runs: Map<string, { cursor: string; done: boolean }>
  readonly #moved = new Set<string>()

  private constructor(runs: Map<string, { cursor: string; done: boolean }>) {
    this.#runs = runs
  }

  static async load(
    trx: Transaction<ReachTables>,
    dialect: Dialect,
    parcels: readonly PackedParcel[],
  ): Promise<Cursors> {
    const runs = parcels.flatMap(({ source }) => source.cursor?.run ?? [])
    if (runs.length === 0) return new Cursors(new Map())
    const query = trx
      .selectFrom('reach_run')
      .select(['id', 'cursor', 'done_at'])
      .where('id', 'in', inList(runs))
      .orderBy('id')
    const rows = await dialect.locked(query).execute()
    return new Cursors(new Map(rows.map(({ id, cursor, done_at: doneAt }) => [id, { cursor, done: doneAt !== null }])))
  }

  move({ run: id, from, to, done }: CursorMove): boolean {
    const run = this.#runs.get(id)
    if (run === undefined || run.done || run.cursor !== from) return false
    run.cursor = to
    run.done = done
    this.#moved.add(id)
    return true
  }

  async write(trx: Transaction<ReachTables>, now: number): Promise<void> {
    for (const id of this.#moved) {
      const { cursor = '', done = false } = this.#runs.get(id) ?? {}
      await trx
        .updateTable('reach_run')
        .set({ cursor, done_at: done ? now : null })
        .where('id', '=', id)
        .execute()
      if (done) await trx.deleteFrom('reach_entry').where('id', '=', id).execute()
    }
  }
}

export interface MadeParcel {
  readonly parcel: PackedParcel
  readonly firsts: ReadonlyMap<number, string>
  readonly entries: readonly FreshEntry[]
  readonly open: number
  readonly marks: string
  readonly notes: string
  /** One with nothing but duplicates that nobody was told of leaves no trace. */
  readonly isStored: boolean
}

export function makeParcel(parcel: PackedParcel, firsts: Map<number, string>, now: number): MadeParcel {
  const { source, bodies } = parcel
  const announced = source.announced === true
  const marks = Buffer.alloc(bodies.length, waitingMark)
  const notes = { expires: firstExpiry(bodies), firsts, byPosition: dueNotes(source) }
  for (const [position, into] of firsts) {
    marks[position] = announced ? doneMark(duplicate.outcome) : absentMark
    notes.byPosition[position] = announced ? { r: duplicate.reason, i: into } : undefined
  }
  const entries = source.entries.flatMap((entry) => {
    const kept = firsts.size === 0 ? entry : keepPositions(entry, (position) => !firsts.has(position))
    return kept === undefined ? [] : { ...kept, tenant: source.tenant, due: kept.due === 0 ? now : kept.due }
  })
  const open = bodies.length - firsts.size
  const isStored = announced ? bodies.length > 0 : open > 0
  return { parcel, firsts, entries, open, marks: marks.toString('latin1'), notes: writeNotes(notes), isStored }
}

const duplicate = {
  state: 'done',
  outcome: 'merged',
  reason: { code: 'duplicate' },
} as const satisfies Settled

function firstExpiry(bodies: readonly Body[]): number | undefined {
  let first: number | undefined
  for (const { expires } of bodies) if (expires !== undefined && expires < (first ?? Infinity)) first = expires
  return first
}

/** The due time of each position, where that is later than now. */
function dueNotes({ entries }: NewParcel): (Note | undefined)[] {
  const notes: (Note | undefined)[] = []
  for (const { cargo, due } of entries) {
    if (cargo.kind !== 'messages' || due === 0) continue
    const note = { d: due }
    for (const position of cargo.positions) notes[position] = note
  }
  return notes
}

async function writeParcels(
  trx: Transaction<ReachTables>,
  dialect: Dialect,
  made: readonly MadeParcel[],
  now: number,
): Promise<void> {
  const stored = made.filter(({ isStored }) => isStored)
  const parcels = stored.map(({ parcel: { source, packed, bodies } }) => [
    source.id,
    source.tenant,
    now,
    bodies.length,
    source.cursor?.run ?? null,
    packed,
  ])
  const progress = stored.map(({ parcel, open, marks, notes }) => [
    parcel.source.id,
    1,
    0,
    open,
    open === 0 ? now : null,
    marks,
    notes,
  ])
  await insertRows(trx, dialect, parcelTarget, parcels)
  await insertRows(trx, dialect, freshProgress, progress)
  const entries = made.flatMap((parcel) => parcel.entries.map((entry) => entryValues(entry, now)))
  await insertRows(trx, dialect, entryTarget, entries)
}

export function idsOf(
  parcel: string,
  size: number,
  firsts: ReadonlyMap<number, string>,
): Pick<Acceptance, 'ids' | 'deduplicated'> {
  const ids: string[] = []
  const deduplicated: boolean[] = []
  for (let position = 0; position < size; position += 1) {
    const first = firsts.get(position)
    ids.push(first ?? messageId(parcel, position))
    deduplicated.push(first !== undefined)
  }
  return { ids, deduplicated }
}

export function acceptedOf(now: number): (made: MadeParcel) => AcceptedParcel {
  return ({ parcel: { source, bodies }, open }) => ({
    parcel: source.id,
    bodies: { tenant: source.tenant, acceptedAt: now, run: source.cursor?.run, bodies },
    done: open === 0,
  })
}

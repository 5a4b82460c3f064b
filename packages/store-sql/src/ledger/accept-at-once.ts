import type { Acceptance } from '@reachkit/core/spec'
import { CompiledQuery } from 'kysely'
import type { Dialect, Queries } from '../database/dialect.js'
import { codeOf } from '../database/retry.js'
import { acceptedOf, idsOf, makeParcel } from './accept.js'
import type { Accepted, MadeParcel, PackedParcel } from './accept.js'
import { columnsOf } from './bulk.js'
import { digestRows } from './digests.js'
import { entryValues, envelopeOf } from './entries.js'

/** After a batch that could not be accepted at once, so many go the long way: keys that come twice come in swarms. */
const fewestLongWays = 4
const mostLongWays = 64

/**
 * PostgreSQL accepts parcels by one statement, which is atomic by itself, where nothing of them is there already: one round
 * trip in the place of seven. A key that is there makes the statement fail, and the parcels go the long way.
 */
export class AcceptAtOnce {
  readonly #queries: Queries
  readonly #dialect: Dialect
  readonly #text: string
  readonly #textOfPages: string
  #longWays = 0
  #penalty = fewestLongWays

  constructor(queries: Queries, dialect: Dialect) {
    this.#queries = queries
    this.#dialect = dialect
    this.#text = textAt(dialect.nowText)
    this.#textOfPages = textOfPagesAt(dialect.nowText)
  }

  /** Undefined where it has to be done the long way. */
  async accept(parcels: readonly PackedParcel[]): Promise<Accepted | undefined> {
    if (this.#longWays > 0) {
      this.#longWays -= 1
      return undefined
    }
    const digests = canBeAtOnce(parcels) ? freshDigests(parcels) : undefined
    if (digests === undefined) return undefined
    const made = parcels.map((parcel) => makeParcel(parcel, new Map(), 0))
    try {
      const now = await this.#write(made, digests)
      this.#penalty = fewestLongWays
      return acceptedAt(made, now)
    } catch (error) {
      // What is wrong with one is found out the long way: mostly a key that is there, or a cursor that has moved.
      if (!/^2[23]/.test(codeOf(error) ?? '')) throw error
      this.#longWays = this.#penalty
      this.#penalty = Math.min(mostLongWays, this.#penalty * 2)
      return undefined
    }
  }

  async #write(made: readonly MadeParcel[], digests: readonly (readonly unknown[])[]): Promise<number> {
    const parcels = made.map(({ parcel: { source, bodies, packed }, open, marks, notes }) => [
      source.id,
      source.tenant,
      bodies.length,
      packed,
      open,
      marks,
      notes,
    ])
    // Id, tenant, lane, due, weight, parcel and cargo: the rest is the same for each.
    const entries = made.flatMap((one) => one.entries.map((entry) => entryValues(entry, 0).slice(0, 7)))
    const moves = made.flatMap(({ parcel: { source } }) => {
      const { run, from, to, done } = source.cursor ?? {}
      return run === undefined ? [] : [[source.id, run, from, to, done]]
    })
    const parameters = [...columnsOf(3, digests), ...columnsOf(7, parcels), ...columnsOf(7, entries)]
    const query =
      moves.length === 0
        ? CompiledQuery.raw(this.#text, parameters)
        : CompiledQuery.raw(this.#textOfPages, [...parameters, ...columnsOf(5, moves)])
    const { rows } = await this.#dialect.retry(() => this.#queries.executeQuery<{ now: number }>(query))
    return rows[0]?.now ?? 0
  }
}

const textAt = (now: string): string => `with ${writes(now, 'null')} select ${now} as now`

/** With pages of runs among them. Where a cursor is not where it should be, it divides by zero, and nothing happens. */
const textOfPagesAt = (now: string): string => `with moves as (
    select * from unnest($18::text[], $19::text[], $20::text[], $21::text[], $22::boolean[])
      as m (parcel, run, place, next, done)
  ), moved as (
    update reach_run as r set cursor = m.next, done_at = case when m.done then ${now} end
    from moves as m where r.id = m.run and r.cursor = m.place and r.done_at is null
    returning 1
  ), ended as (
    delete from reach_entry where id in (select run from moves where done)
  ), ${writes(now, '(select run from moves where moves.parcel = given.id)')}
  select ${now} / case when (select count(*) from moved) = (select count(*) from moves) then 1 else 0 end as now`

const writes = (now: string, run: string): string => `digests as (
    insert into reach_digest (digest, message, parcel, at)
    select d.*, ${now} from unnest($1::bytea[], $2::text[], $3::text[]) as d
  ), given as (
    select * from unnest($4::text[], $5::text[], $6::bigint[], $7::bytea[], $8::bigint[], $9::text[], $10::text[])
      as p (id, tenant, size, bodies, open, marks, notes)
  ), parcels as (
    insert into reach_parcel (id, tenant, accepted_at, size, run, bodies)
    select id, tenant, ${now}, size, ${run}, bodies from given
  ), progress as (
    insert into reach_progress (parcel, version, told, open, done_at, marks, notes)
    select id, 1, 0, open, case when open = 0 then ${now} end, marks, notes from given
  ), entries as (
    insert into reach_entry (id, tenant, lane, due, weight, parcel, cargo,
      lease_until, slices, takeovers, pushes, pushed_at)
    select id, tenant, lane, case when due = 0 then ${now} else due end, weight, parcel, cargo,
      0, 0, 0, 0, greatest(${now}, due)
    from unnest($11::text[], $12::text[], $13::smallint[], $14::bigint[], $15::float8[], $16::text[], $17::text[])
      as e (id, tenant, lane, due, weight, parcel, cargo)
  )`

/** An empty parcel leaves no trace, and of several pages of one run each moves the cursor of the one before. */
function canBeAtOnce(parcels: readonly PackedParcel[]): boolean {
  const runs = parcels.flatMap(({ source }) => source.cursor?.run ?? [])
  return new Set(runs).size === runs.length && parcels.every(({ bodies }) => bodies.length > 0)
}

/** Undefined where a batch has something twice within itself. */
function freshDigests(parcels: readonly PackedParcel[]): readonly (readonly unknown[])[] | undefined {
  const sources = parcels.map(({ source }) => source)
  const { rows, isTwice } = digestRows(sources)
  return isTwice ? undefined : rows
}

function acceptedAt(made: readonly MadeParcel[], at: number): Accepted {
  const accepted = made.map((one) => ({
    one,
    entries: one.entries.map((entry) => (entry.due === 0 ? { ...entry, due: at } : entry)),
  }))
  const answers = accepted.map(({ one: { parcel }, entries }): Acceptance => {
    const { id, messages } = parcel.source
    return { status: 'accepted', ...idsOf(id, messages.length, new Map()), envelopes: entries.map(envelopeOf) }
  })
  return { answers, entries: accepted.flatMap(({ entries }) => entries), parcels: made.map(acceptedOf(at)) }
}

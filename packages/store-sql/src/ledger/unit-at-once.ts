import { CompiledQuery } from 'kysely'
import type { Queries } from '../database/dialect.js'
import { columnsOf } from './bulk.js'
import type { LedgerContext } from './core.js'
import { Standing } from './standing.js'
import type { ProgressRow } from './standing.js'
import type { Unit, UnitChanges } from './unit.js'

/*
 * PostgreSQL does a unit of work by two statements: one that reads without holding anything, and one that writes all of it
 * if nobody else wrote the same meanwhile, and nothing of it otherwise. Each is atomic by itself: two round trips in the place
 * of eight, and nobody waits for a row that is held from one trip to the next.
 */

interface ReadRow extends Omit<ProgressRow, 'parcel'> {
  readonly parcel: string | null
  readonly id: string | null
  readonly tenant: string
  readonly token: string | null
  readonly now: number
}

const readText = (now: string): string => `select p.*, e.id, e.tenant, e.token, ${now} as now
  from (
    select parcel, version, told, open, done_at, marks, notes from reach_progress where parcel = any($1::text[])
  ) as p full join (
    select id, tenant, token, parcel as of_parcel from reach_entry where id = any($2::text[])
  ) as e on e.of_parcel = p.parcel`

/** Reads what a unit is about. */
export async function readAtOnce(
  { db, dialect }: Pick<LedgerContext, 'db' | 'dialect'>,
  unit: Unit,
  parcels: Iterable<string>,
  entries: Iterable<string>,
): Promise<void> {
  const parameters = [[...new Set(parcels)], [...new Set(entries)]]
  const { rows } = await db.executeQuery<ReadRow>(CompiledQuery.raw(readText(dialect.nowText), parameters))
  for (const { id, tenant, token, now: at, parcel, ...progress } of rows) {
    unit.now = at
    if (parcel !== null && !unit.standings.has(parcel))
      unit.standings.set(parcel, new Standing({ parcel, ...progress }))
    if (id !== null) unit.entries.set(id, { id, tenant, token })
  }
}

const writeText = `with progress as (
    update reach_progress as p
    set version = u.version, open = u.open, done_at = u.done_at, marks = u.marks, notes = u.notes
    from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
      as u (parcel, version, open, done_at, marks, notes)
    where p.parcel = u.parcel and p.version = u.version - 1
    returning 1
  ), logs as (
    insert into reach_log (parcel, id, at, events)
    select * from unnest($7::text[], $8::text[], $9::bigint[], $10::bytea[])
  ), removed as (
    delete from reach_entry as e using unnest($11::text[], $12::text[]) as u (id, token)
    where e.id = u.id and e.token = u.token
    returning 1
  ), held as (
    update reach_entry as e
    set lease_until = coalesce(u.until, e.lease_until), slices = coalesce(u.slices, e.slices)
    from unnest($13::text[], $14::text[], $15::bigint[], $16::bigint[]) as u (id, token, until, slices)
    where e.id = u.id and e.token = u.token
    returning 1
  ), added as (
    insert into reach_entry (id, tenant, lane, due, weight, parcel, cargo,
      lease_until, slices, takeovers, pushes, pushed_at)
    select * from unnest($17::text[], $18::text[], $19::smallint[], $20::bigint[], $21::float8[], $22::text[], $23::text[],
      $24::bigint[], $25::bigint[], $26::bigint[], $27::bigint[], $28::bigint[])
  )
  select 1 / case
    when (select count(*) from progress) = $29::bigint
      and (select count(*) from removed) = $30::bigint
      and (select count(*) from held) = $31::bigint
    then 1 else 0 end as whole`

/** What the statement fails with where somebody else wrote meanwhile: it divides by zero then. */
export const changedMeanwhile = '22012'

export async function writeAtOnce(
  queries: Queries,
  { progress, logs, removed, held, added }: UnitChanges,
): Promise<void> {
  if (progress.length + logs.length + removed.length + held.length + added.length === 0) return
  const rows = progress.map((row) => [row.parcel, row.version, row.open, row.done_at, row.marks, row.notes])
  const leases = held.map(({ id, token, until, slices }) => [id, token, until, slices])
  const parameters = [
    ...columnsOf(6, rows),
    ...columnsOf(4, logs),
    ...columnsOf(2, removed),
    ...columnsOf(4, leases),
    ...columnsOf(12, added),
    progress.length,
    removed.length,
    held.length,
  ]
  await queries.executeQuery(CompiledQuery.raw(writeText, parameters))
}

import { type RawBuilder, sql } from 'kysely'
import type { Dialect, Queries } from './dialect.js'
import type { ReachTables } from './tables.js'

export interface Upsert<Row> {
  readonly table: keyof ReachTables
  readonly key: readonly (keyof Row & string)[]
  /** Whose keys differ: a value, or an expression. */
  readonly rows: readonly Row[]
  /** The columns that are written where the key is there already; none to leave that row as it is. */
  readonly set: readonly (keyof Row & string)[]
}

/** Inserts rows, and writes these columns of those that are there already. Rows that are left as they are get locked too, but on PostgreSQL. */
export async function upsert<Row extends object>(db: Queries, dialect: Dialect, wanted: Upsert<Row>): Promise<void> {
  const [first] = wanted.rows
  if (first === undefined) return
  const columns = Object.keys(first) as (keyof Row & string)[]
  const end = onConflict(dialect, wanted)
  for (const rows of chunked(wanted.rows, Math.floor(dialect.mostValues / columns.length))) {
    const lines = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`)
    const names = sql.join(columns.map((column) => sql.ref(column)))
    await sql`insert into ${sql.table(wanted.table)} (${names}) values ${sql.join(lines)} ${end}`.execute(db)
  }
}

function onConflict<Row>({ name }: Dialect, { key, set }: Upsert<Row>): RawBuilder<unknown> {
  if (name === 'mysql') {
    const written =
      set.length === 0 ? key.map((column) => sql`${sql.ref(column)} = ${sql.ref(column)}`) : set.map(mysqlNew)
    return sql`on duplicate key update ${sql.join(written)}`
  }
  const target = sql.join(key.map((column) => sql.ref(column)))
  if (set.length === 0) return sql`on conflict (${target}) do nothing`
  return sql`on conflict (${target}) do update set ${sql.join(set.map(excluded))}`
}

function mysqlNew(column: string): RawBuilder<unknown> {
  return sql`${sql.ref(column)} = values(${sql.ref(column)})`
}

function excluded(column: string): RawBuilder<unknown> {
  return sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`
}

/** Cuts a list into parts of at most so many. */
export function* chunked<T>(items: readonly T[], most: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += most)
    yield from === 0 && items.length <= most ? items : items.slice(from, from + most)
}

import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import { columnType } from './create-table.js'
import type { ColumnKind } from './create-table.js'

/*
 * Each passes over what is done already: a server without transactions for this starts over. Only PostgreSQL can be told
 * to by itself, and only there another schema may have a table of that name.
 */

export async function addColumn(
  db: Kysely<unknown>,
  dialect: Dialect['name'],
  table: string,
  column: string,
  kind: ColumnKind,
): Promise<void> {
  const type = sql.raw(columnType(dialect, kind))
  if (dialect === 'postgres')
    await sql`alter table ${sql.table(table)} add column if not exists ${sql.ref(column)} ${type}`.execute(db)
  else if (!(await hasColumn(db, table, column))) await db.schema.alterTable(table).addColumn(column, type).execute()
}

export async function dropColumn(
  db: Kysely<unknown>,
  dialect: Dialect['name'],
  table: string,
  column: string,
): Promise<void> {
  if (dialect === 'postgres')
    await sql`alter table ${sql.table(table)} drop column if exists ${sql.ref(column)}`.execute(db)
  else if (await hasColumn(db, table, column)) await db.schema.alterTable(table).dropColumn(column).execute()
}

/** On SQLite and MySQL. */
export async function hasColumn(db: Kysely<unknown>, table: string, column: string): Promise<boolean> {
  const tables = await db.introspection.getTables()
  return tables.some(({ name, columns }) => name === table && columns.some((known) => known.name === column))
}

export interface NewIndex {
  readonly table: string
  readonly name: string
  readonly columns: readonly string[]
  readonly unique?: boolean
}

export async function addMysqlIndex(db: Kysely<unknown>, { table, name, columns, unique }: NewIndex): Promise<void> {
  if (await hasMysqlIndex(db, table, name)) return
  const index = db.schema
    .createIndex(name)
    .on(table)
    .columns([...columns])
  await (unique === true ? index.unique() : index).execute()
}

export async function dropMysqlIndex(db: Kysely<unknown>, table: string, name: string): Promise<void> {
  if (await hasMysqlIndex(db, table, name)) await db.schema.dropIndex(name).on(table).execute()
}

async function hasMysqlIndex(db: Kysely<unknown>, table: string, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 from information_schema.statistics
    where table_schema = database() and table_name = ${table} and index_name = ${name} limit 1`.execute(db)
  return rows.length > 0
}

import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import { firstShapes } from '../shapes.js'
import { createTable, dropTable } from './create-table.js'

export async function up(db: Kysely<unknown>, dialect: Dialect['name']): Promise<void> {
  for (const [name, shape] of Object.entries(firstShapes)) {
    await createTable(db, dialect, name, shape, name === 'reach_progress' ? untoldColumn[dialect] : [])
  }
  await indexUntold(db, dialect)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const name of Object.keys(firstShapes).toReversed()) await dropTable(db, name)
}

/** Finds what history was not told of yet: few rows of many. `Dialect.untold` asks by it. */
async function indexUntold(db: Kysely<unknown>, dialect: Dialect['name']): Promise<void> {
  for (const text of untoldIndex[dialect]) await sql.raw(text).execute(db)
}

/**
 * PostgreSQL takes two columns of a row to differ nearly always, and would read the whole table: of a column that says
 * whether they do it knows how seldom. MySQL has no index over some rows alone.
 */
const untoldIndex: Readonly<Record<Dialect['name'], readonly string[]>> = {
  sqlite: ['create index if not exists reach_progress_untold on reach_progress (parcel) where version <> told'],
  postgres: [
    'alter table reach_progress add column if not exists untold boolean generated always as (version <> told) stored',
    'create index if not exists reach_progress_untold on reach_progress (parcel) where untold',
  ],
  mysql: [],
}

const untoldColumn: Readonly<Record<Dialect['name'], readonly string[]>> = {
  sqlite: [],
  postgres: [],
  mysql: ['untold tinyint as (version <> told) virtual', 'index reach_progress_untold (untold)'],
}

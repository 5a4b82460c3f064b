import type { Kysely } from 'kysely'
import { bookShapes } from '../book-shapes.js'
import type { Dialect } from '../dialect.js'
import { createTable, dropTable } from './create-table.js'

/** The recipient book. Adds tables alone: processes of the release before go on beside it. */
export async function up(db: Kysely<unknown>, dialect: Dialect['name']): Promise<void> {
  for (const [name, shape] of Object.entries(bookShapes)) await createTable(db, dialect, name, shape)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const name of Object.keys(bookShapes)) await dropTable(db, name)
}

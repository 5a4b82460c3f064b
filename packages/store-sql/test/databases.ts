import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mariadbDatabase, postgresDatabase } from '../../../test/support/servers/index.js'
import type { OpenDatabase } from '../src/database/dialect.js'
import { openMysql } from '../src/database/mysql.js'
import { openPostgres } from '../src/database/postgres.js'
import { openSqlite } from '../src/database/sqlite.js'

/** A database of one's own, that can be opened several times, as by several processes. */
export interface TestDatabase {
  readonly name: 'sqlite' | 'postgres' | 'mysql'
  /** Its url, or the path of its file. */
  readonly url: string
  open(settings?: { readonly migrate?: boolean; readonly durable?: boolean }): Promise<OpenDatabase>
  drop(): Promise<void>
}

/** How to make one on each of the three. */
export const databases: readonly { readonly name: TestDatabase['name']; readonly make: () => Promise<TestDatabase> }[] =
  [
    { name: 'sqlite', make: sqliteFile },
    { name: 'postgres', make: postgres },
    { name: 'mysql', make: mysql },
  ]

export async function sqliteFile(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'reachkit-sqlite-'))
  const url = join(folder, 'reach.db')
  return {
    name: 'sqlite',
    url,
    open: ({ durable, migrate } = {}) =>
      openSqlite(url, { synchronous: durable === false ? 'normal' : 'full', migrate: migrate ?? true }),
    drop: () => rm(folder, { recursive: true, force: true }),
  }
}

async function postgres(): Promise<TestDatabase> {
  const { url, drop } = await postgresDatabase()
  return { name: 'postgres', url, open: (settings) => openPostgres(url, settings), drop }
}

async function mysql(): Promise<TestDatabase> {
  const { url, drop } = await mariadbDatabase()
  return { name: 'mysql', url, open: (settings) => openMysql(url, settings), drop }
}

/** Empties all tables, which is quicker than a new database: by one transaction, so that the disk is waited for once. */
export async function emptyTables({ db, dialect }: OpenDatabase): Promise<void> {
  const tables = await db.introspection.getTables()
  const names = tables.map(({ name }) => name).filter((name) => name.startsWith('reach_') && name !== 'reach_migration')
  await dialect.transaction(db, async (trx) => {
    for (const name of names) await trx.deleteFrom(name as 'reach_entry').execute()
  })
}

import { ReachError } from '@reachkit/core/spec'
import type { Kysely } from 'kysely'
import type { Dialect, OpenDatabase } from './dialect.js'
import { mysqlDialect, postgresDialect } from './dialects.js'
import { storeError } from './failures.js'
import { migrate } from './migrate.js'
import { checkMysql } from './mysql.js'
import { numbersPlugin } from './numbers-plugin.js'
import { checkPostgres } from './postgres.js'
import type { ServerSettings } from './settings.js'
import { sqliteDialect } from './sqlite.js'
import type { ReachTables } from './tables.js'

const busyMs = 10_000

/** Uses a Kysely of the app's own, without its plugins; closing leaves it open. */
export async function useKysely(
  kysely: Kysely<unknown>,
  name: Dialect['name'],
  settings: ServerSettings,
): Promise<OpenDatabase> {
  const db = kysely.withoutPlugins().withPlugin(numbersPlugin) as unknown as Kysely<ReachTables>
  const database: OpenDatabase = { db, dialect: dialectOf(name), close: async () => {} }
  try {
    if (name === 'postgres') await checkPostgres(database, settings)
    else if (name === 'mysql') await checkMysql(database, settings)
    else if (settings.migrate !== false) await migrate(database)
    return database
  } catch (error) {
    throw storeError(error)
  }
}

/** Which server an app's own Kysely speaks to, as its adapter tells by its name. */
export function kyselyDialect(kysely: Kysely<unknown>): Dialect['name'] {
  const adapter: string = kysely.getExecutor().adapter.constructor.name
  if (adapter.startsWith('Postgres')) return 'postgres'
  if (adapter.startsWith('Mysql')) return 'mysql'
  if (adapter.startsWith('Sqlite')) return 'sqlite'
  const text = "sql: the dialect of this Kysely is not known; tell it by { dialect: 'postgres' }, 'mysql' or 'sqlite'"
  throw new ReachError('REACH_OPTION_INVALID', text)
}

function dialectOf(name: Dialect['name']): Dialect {
  if (name === 'postgres') return postgresDialect('transaction')
  if (name === 'mysql') return mysqlDialect('transaction')
  return sqliteDialect(busyMs)
}

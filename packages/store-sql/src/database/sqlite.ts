import { ReachError } from '@reachkit/core/spec'
import { Kysely, sql } from 'kysely'
import type Libsql from 'libsql'
import type { Dialect, OpenDatabase } from './dialect.js'
import { loadPeer, plainText, storeError } from './failures.js'
import { LibsqlDialect } from './libsql-driver.js'
import { type NativeGate, openGate, through } from './libsql-statements.js'
import { migrate } from './migrate.js'
import { retrying } from './retry.js'
import { clockOf, serverClocks } from './server-clocks.js'
import { isBusy, SharedConnection } from './shared-connection.js'
import type { ReachTables } from './tables.js'

export interface SqliteSettings {
  /** `normal` may lose the last transactions at a power failure, never at a crash of the process. Default `full`. */
  readonly synchronous?: 'full' | 'normal'
  /** How long to wait for another process's write lock, in milliseconds. Default 10,000. */
  readonly busyMs?: number
  /** False leaves the tables as they are. Default true. */
  readonly migrate?: boolean
}

const defaultBusyMs = 10_000
/** What opening may wait for others that open the same file. */
const openingBusyMs = 5_000
/** How long SQLite itself waits: in a blocked thread, so that the rest is waited for outside of it. */
const innerBusyMs = 5
/** Pages in the log at which a writer itself copies them back, where nobody did before: 4 KiB each. */
const checkpointPages = 20_000

/**
 * Opens a database file in this very thread, which then blocks for as long as a statement runs: for the worker thread of a
 * store, and for tests. Makes the file, but not its folder, where there is none.
 */
export async function openSqlite(
  path: string,
  settings: SqliteSettings = {},
  gate: NativeGate = openGate,
): Promise<OpenDatabase> {
  const { default: Connection } = await loadPeer('libsql', () => import('libsql'))
  const dialect = sqliteDialect(settings.busyMs ?? defaultBusyMs)
  const connection = through(gate, () => connect(Connection, path))
  const shared = new SharedConnection(connection, gate, settings.busyMs ?? defaultBusyMs)
  const db = new Kysely<ReachTables>({ dialect: new LibsqlDialect(shared, false) })
  const urgent = new Kysely<ReachTables>({ dialect: new LibsqlDialect(shared, true) })
  try {
    await dialect.retry(async () => through(gate, () => prepare(connection, settings.synchronous ?? 'full')))
    if (settings.migrate !== false) await migrate({ db, dialect })
  } catch (error) {
    through(gate, () => connection.close())
    throw storeError(error)
  }
  return { db, urgent, dialect, close: () => db.destroy() }
}

function connect(Connection: typeof Libsql, path: string): Libsql.Database {
  try {
    return new Connection(path, { timeout: openingBusyMs })
  } catch (error) {
    const cause = new Error(plainText(error))
    const text =
      'the SQLite file cannot be opened; its folder must exist and this process must be allowed to write there'
    throw new ReachError('REACH_STORE_UNAVAILABLE', text, { cause })
  }
}

function prepare(connection: Libsql.Database, synchronous: 'full' | 'normal'): void {
  connection.prepare('pragma journal_mode = wal').all([])
  for (const pragma of [
    `synchronous = ${synchronous}`,
    'temp_store = memory',
    'cache_size = -32000',
    'journal_size_limit = 67108864',
    `wal_autocheckpoint = ${checkpointPages}`,
    `busy_timeout = ${innerBusyMs}`,
  ]) {
    connection.prepare(`pragma ${pragma}`).all([])
  }
  refuseReadOnly(connection)
}

/** SQLite opens a file that it may not write, and says so at the first write. */
function refuseReadOnly(connection: Libsql.Database): void {
  connection.exec('begin immediate')
  try {
    const [row] = connection.prepare('pragma user_version').all([]) as { user_version: number }[]
    connection.exec(`pragma user_version = ${row?.user_version ?? 0}`)
  } finally {
    if (connection.inTransaction) connection.exec('rollback')
  }
}

export function sqliteDialect(busyMs: number): Dialect {
  const retry = <T>(work: () => Promise<T>): Promise<T> =>
    retrying(work, isBusy, { totalMs: busyMs, longestPauseMs: 10, leastTries: 1 })
  return {
    name: 'sqlite',
    ...clockOf(serverClocks.sqlite),
    untold: sql`version <> told`,
    // The limit of SQLite is 32,766.
    mostValues: 30_000,
    transaction: (db, work) => retry(() => db.transaction().execute(work)),
    retry,
    joined: (...parts) => sql`${sql.join(parts, sql` || `)}`,
    locked: (query) => query,
    ignoring: (query) => query.onConflict((conflict) => conflict.doNothing()),
  }
}

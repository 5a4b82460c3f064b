import { ReachError } from '@reachkit/core/spec'
import {
  CompiledQuery,
  Kysely,
  MysqlDialect,
  type MysqlPool,
  type MysqlPoolConnection,
  type MysqlQueryResult,
  sql,
} from 'kysely'
import type { Pool, PoolConnection } from 'mysql2'
import type { OpenDatabase } from './dialect.js'
import { mysqlDialect } from './dialects.js'
import { loadPeer, storeError } from './failures.js'
import { migrate } from './migrate.js'
import { type ServerSettings, shareOut } from './settings.js'
import type { ReachTables } from './tables.js'

/** Strict, and with backslashes as the driver escapes them; a lock that is not had in time is a conflict like any other. */
const sessionSettings: string =
  "set session sql_mode = 'TRADITIONAL', session innodb_lock_wait_timeout = 10, session transaction_isolation = 'READ-COMMITTED'"
/** MariaDB below 11.1 knows the isolation by its older name alone. */
const olderSettings: string = sessionSettings.replace('transaction_isolation', 'tx_isolation')

/** Opens a pool of connections of our own to the server behind a url. */
export async function openMysql(url: string, settings: ServerSettings = {}): Promise<OpenDatabase> {
  const { default: mysql2 } = await loadPeer('mysql2', () => import('mysql2'))
  const { common, reserved } = shareOut(settings.connections ?? 10)
  const open = (connectionLimit: number): Kysely<ReachTables> => {
    const pool = mysql2.createPool({
      uri: url,
      connectionLimit,
      connectTimeout: settings.connectMs ?? 5_000,
      charset: 'utf8mb4_bin',
      decimalNumbers: true,
      supportBigNumbers: false,
      enableKeepAlive: true,
    })
    return new Kysely<ReachTables>({ dialect: ownDialect(pool) })
  }
  const db = open(common)
  const urgent = reserved > 0 ? open(reserved) : undefined
  const close = async (): Promise<void> => {
    await Promise.all([db.destroy(), urgent?.destroy()])
  }
  return checked({ db, ...(urgent && { urgent }), dialect: mysqlDialect('session'), close }, settings)
}

function ownDialect(pool: Pool): MysqlDialect {
  return new MysqlDialect({
    pool: numericPool(pool),
    onCreateConnection: async (connection) => {
      await connection
        .executeQuery(CompiledQuery.raw(sessionSettings))
        .catch(() => connection.executeQuery(CompiledQuery.raw(olderSettings)))
    },
  })
}

/** Uses a pool of the app's own, as it is set up; closing leaves it open. */
export async function useMysqlPool(pool: Pool, settings: ServerSettings = {}): Promise<OpenDatabase> {
  const db = new Kysely<ReachTables>({ dialect: new MysqlDialect({ pool: numericPool(pool) }) })
  return checked({ db, dialect: mysqlDialect('transaction'), close: async () => {} }, settings)
}

/** Refuses a server that is too old or does not keep its class, and brings the tables up to date. */
export async function checkMysql(database: OpenDatabase, settings: ServerSettings): Promise<void> {
  const { rows } = await sql<{ release: string; flush: number | string; mode: string }>`
    select version() as ${sql.ref('release')}, @@innodb_flush_log_at_trx_commit as flush, @@sql_mode as mode`.execute(
    database.db,
  )
  const [server] = rows
  if (server === undefined || isTooOld(server.release)) {
    const text = 'the server is too old: MySQL 8.0, MariaDB 10.5 or TiDB 6.5 is needed, or later'
    throw new ReachError('REACH_SPEC_UNSUPPORTED', text)
  }
  if (server.mode.includes('NO_BACKSLASH_ESCAPES')) {
    const text = 'the sql_mode NO_BACKSLASH_ESCAPES changes how values are escaped; take it out for these connections'
    throw new ReachError('REACH_OPTION_INVALID', text)
  }
  if (settings.durable !== false && Number(server.flush) !== 1) {
    const text =
      'the MySQL server has innodb_flush_log_at_trx_commit at another value than 1, so it may lose what it has committed; set it to 1, or durable: false'
    throw new ReachError('REACH_OPTION_INVALID', text)
  }
  if (settings.migrate !== false) await migrate(database)
}

/** `8.0.36`, `10.11.6-MariaDB-log`, `8.0.11-TiDB-v7.5.0`, and `5.5.5-10.11.6-MariaDB` as some proxies tell it. */
export function isTooOld(version: string): boolean {
  const [, relative, own] = /(TiDB-v|^5\.5\.5-)(\d+\.\d+)/.exec(version) ?? []
  const [major = 0, minor = 0] = (own ?? version).split('.').map((part) => Number.parseInt(part, 10))
  const [oldestMajor, oldestMinor] = relative === 'TiDB-v' ? [6, 5] : version.includes('MariaDB') ? [10, 5] : [8, 0]
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
}

async function checked(database: OpenDatabase, settings: ServerSettings): Promise<OpenDatabase> {
  try {
    await checkMysql(database, settings)
    return database
  } catch (error) {
    await database.close().catch(() => {})
    throw storeError(error)
  }
}

/** Whole numbers of 64 bits and sums of them as numbers, and bytes as the driver takes them. */
function numericPool(pool: Pool): MysqlPool {
  const connections = new WeakMap<object, MysqlPoolConnection>()
  return {
    getConnection(callback) {
      pool.getConnection((error, connection) => {
        if (error !== null) return callback(error, undefined as unknown as MysqlPoolConnection)
        const wrapped = connections.get(connection) ?? numericConnection(connection)
        connections.set(connection, wrapped)
        callback(null, wrapped)
      })
    },
    end: (callback) => pool.end(callback),
  }
}

function numericConnection(connection: PoolConnection): MysqlPoolConnection {
  const query = (
    text: string,
    values: unknown[],
    callback: (error: unknown, result: MysqlQueryResult) => void,
  ): void => {
    const options = { sql: text, values: values.map(escapable), decimalNumbers: true, supportBigNumbers: false }
    connection.query(options, (error, result) => callback(error, result as MysqlQueryResult))
  }
  return { query: query as MysqlPoolConnection['query'], release: () => connection.release() }
}

/** The driver writes any other object into the statement as a list of assignments. */
function escapable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (typeof value === 'object' && value !== null) throw new TypeError('MySQL cannot store an object')
  return value
}

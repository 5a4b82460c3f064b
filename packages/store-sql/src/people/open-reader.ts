import { access } from 'node:fs/promises'
import { CompiledQuery, Kysely, MysqlDialect, PostgresDialect } from 'kysely'
import type { Dialect } from '../database/dialect.js'
import { loadPeer } from '../database/failures.js'
import { LibsqlDialect } from '../database/libsql-driver.js'
import { openGate } from '../database/libsql-statements.js'
import { SharedConnection } from '../database/shared-connection.js'
import { exactMysqlPool, exactPostgresPool } from './exact-pools.js'

export interface ReaderSettings {
  readonly connections: number
  readonly connectMs: number
  /** The server itself ends a statement that takes longer. */
  readonly statementMs: number
}

/** Connections of our own that only read, opened when they are first needed. */
export async function openByUrl(
  name: Dialect['name'],
  url: string,
  settings: ReaderSettings,
): Promise<Kysely<unknown>> {
  if (name === 'postgres') return openPostgres(url, settings)
  return name === 'mysql' ? openMysql(url, settings) : openSqlite(url)
}

async function openPostgres(
  url: string,
  { connections, connectMs, statementMs }: ReaderSettings,
): Promise<Kysely<unknown>> {
  const { default: pg } = await loadPeer('pg', () => import('pg'))
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    allowExitOnIdle: true,
    application_name: 'reachkit people',
  })
  pool.on('error', () => {})
  const session = `select set_config('default_transaction_read_only', 'on', false), set_config('statement_timeout', '${statementMs}', false)`
  return new Kysely({
    dialect: new PostgresDialect({
      pool: exactPostgresPool(pool),
      onCreateConnection: async (connection) => void (await connection.executeQuery(CompiledQuery.raw(session))),
    }),
  })
}

async function openMysql(
  url: string,
  { connections, connectMs, statementMs }: ReaderSettings,
): Promise<Kysely<unknown>> {
  const { default: mysql2 } = await loadPeer('mysql2', () => import('mysql2'))
  const pool = mysql2.createPool({
    uri: url,
    connectionLimit: connections,
    connectTimeout: connectMs,
    charset: 'utf8mb4',
    enableKeepAlive: true,
  })
  const run = async (connection: Parameters<NonNullable<typeof onCreate>>[0], text: string): Promise<void> =>
    void (await connection.executeQuery(CompiledQuery.raw(text)))
  const onCreate: ConstructorParameters<typeof MysqlDialect>[0]['onCreateConnection'] = async (connection) => {
    await run(connection, 'set session transaction read only')
    // MySQL counts milliseconds, MariaDB seconds under another name.
    await run(connection, `set session max_execution_time = ${statementMs}`).catch(() =>
      run(connection, `set session max_statement_time = ${statementMs / 1_000}`),
    )
  }
  return new Kysely({ dialect: new MysqlDialect({ pool: exactMysqlPool(pool), onCreateConnection: onCreate }) })
}

/** In this thread: a query that finds its rows by an index takes microseconds. */
async function openSqlite(path: string): Promise<Kysely<unknown>> {
  const { default: Connection } = await loadPeer('libsql', () => import('libsql'))
  // Opening would make an empty one.
  await access(path)
  const connection = new Connection(path, { timeout: 5_000 })
  connection.defaultSafeIntegers(true)
  connection.prepare('pragma query_only = 1').all([])
  return new Kysely({ dialect: new LibsqlDialect(new SharedConnection(connection, openGate, 5_000), false) })
}

import { ReachError } from '@reachkit/core/spec'
import { CompiledQuery, Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import type { OpenDatabase } from './dialect.js'
import { postgresDialect } from './dialects.js'
import { loadPeer, storeError } from './failures.js'
import { migrate } from './migrate.js'
import { type ServerSettings, shareOut } from './settings.js'
import type { ReachTables } from './tables.js'

/** A statement of ours is short; one that takes so long waits for something that will not come. */
const sessionSettings: string = [
  ['statement_timeout', '30s'],
  ['lock_timeout', '10s'],
  ['idle_in_transaction_session_timeout', '60s'],
  ['default_transaction_isolation', 'read committed'],
  // Rows of a queue come and go faster than statistics of them are made: every statement of ours has its index.
  ['enable_seqscan', 'off'],
  // So one plan does for all values of a prepared statement, and making one costs more than running it.
  ['plan_cache_mode', 'force_generic_plan'],
]
  .map(([name, value]) => `set_config('${name}', '${value}', false)`)
  .join(', ')

const oldestVersion = 120_000

/** Opens a pool of connections of our own to the server behind a url. */
export async function openPostgres(url: string, settings: ServerSettings = {}): Promise<OpenDatabase> {
  const { default: pg } = await loadPeer('pg', () => import('pg'))
  const { common, reserved } = shareOut(settings.connections ?? 10)
  const open = (max: number): Kysely<ReachTables> => {
    const pool = new pg.Pool({
      connectionString: url,
      max,
      connectionTimeoutMillis: settings.connectMs ?? 5_000,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      allowExitOnIdle: true,
      application_name: 'reachkit',
    })
    // An idle connection that the server ends is no error of anybody's: the next query opens another one.
    pool.on('error', () => {})
    return new Kysely<ReachTables>({ dialect: ownDialect(pool) })
  }
  const db = open(common)
  const urgent = reserved > 0 ? open(reserved) : undefined
  const close = async (): Promise<void> => {
    await Promise.all([db.destroy(), urgent?.destroy()])
  }
  return checked({ db, ...(urgent && { urgent }), dialect: postgresDialect('session'), close }, settings)
}

function ownDialect(pool: Pool): PostgresDialect {
  return new PostgresDialect({
    pool: numericPool(pool, preparedName),
    onCreateConnection: async (connection) => {
      await connection.executeQuery(CompiledQuery.raw(`select ${sessionSettings}`))
    },
  })
}

/** Uses a pool of the app's own, as it is set up; closing leaves it open. */
export async function usePostgresPool(pool: Pool, settings: ServerSettings = {}): Promise<OpenDatabase> {
  const db = new Kysely<ReachTables>({ dialect: new PostgresDialect({ pool: numericPool(pool) }) })
  return checked({ db, dialect: postgresDialect('transaction'), close: async () => {} }, settings)
}

/** Refuses a server that is too old or does not keep its class, and brings the tables up to date. */
export async function checkPostgres(database: OpenDatabase, settings: ServerSettings): Promise<void> {
  const { rows } = await sql<{ version: number; synchronous: string; fsync: string; standby: number }>`
    select current_setting('server_version_num')::int as version, current_setting('synchronous_commit') as synchronous,
      current_setting('fsync') as fsync, (case when pg_is_in_recovery() then 1 else 0 end) as standby`.execute(
    database.db,
  )
  const [server] = rows
  if (server === undefined || server.version < oldestVersion) {
    throw new ReachError('REACH_SPEC_UNSUPPORTED', 'the PostgreSQL server is too old: version 12 or later is needed')
  }
  if (server.standby !== 0) {
    throw new ReachError('REACH_STORE_UNAVAILABLE', 'the PostgreSQL server is a standby that takes no writes')
  }
  if (settings.durable !== false && (server.synchronous === 'off' || server.fsync === 'off')) {
    const name = server.fsync === 'off' ? 'fsync' : 'synchronous_commit'
    const text = `the PostgreSQL server has ${name} off, so it may lose what it has committed; set it on, or durable: false`
    throw new ReachError('REACH_OPTION_INVALID', text)
  }
  if (settings.migrate !== false) await migrate(database)
}

async function checked(database: OpenDatabase, settings: ServerSettings): Promise<OpenDatabase> {
  try {
    await checkPostgres(database, settings)
    return database
  } catch (error) {
    await database.close().catch(() => {})
    throw storeError(error)
  }
}

/** Texts that come again are prepared once a connection; there are few of them, and long ones seldom come again. */
const names = new Map<string, string>()
const mostNames = 400
const longestPrepared = 4_000

function preparedName(text: string): string | undefined {
  if (text.length > longestPrepared) return undefined
  const known = names.get(text)
  if (known !== undefined || names.size >= mostNames) return known
  // `begin` and the like cost more to prepare than to parse.
  if (!/^\s*(?:select|insert|update|delete|with)\b/i.test(text)) return undefined
  const name = `reach_${names.size}`
  names.set(text, name)
  return name
}

/** Whole numbers of 64 bits (20) and sums of them (1700) as numbers, whatever the app has set up for its own queries. */
const numeric = new Set([20, 1700])

function numericPool(pool: Pool, nameOf?: (text: string) => string | undefined): PostgresPool {
  const clients = new WeakMap<PoolClient, PostgresPoolClient>()
  return {
    async connect() {
      const client = await pool.connect()
      const known = clients.get(client)
      if (known !== undefined) return known
      // The query under way rejects. A pool hears only of clients that are idle, and an error of one that is at work, which
      // nobody hears, would end the process: of an app's own pool too.
      client.on('error', () => {})
      const wrapped = numericClient(client, nameOf)
      clients.set(client, wrapped)
      return wrapped
    },
    end: () => pool.end(),
  }
}

function numericClient(client: PoolClient, nameOf?: (text: string) => string | undefined): PostgresPoolClient {
  const types = {
    getTypeParser(oid: number, format?: 'text' | 'binary') {
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- a server has more types than the list.
      return numeric.has(oid) && format !== 'binary' ? Number : client.getTypeParser(oid, format)
    },
  }
  const query = (text: string, values: readonly unknown[]): Promise<unknown> => {
    const name = nameOf?.(text)
    return client.query({ text, values: [...values], types, ...(name !== undefined && { name }) })
  }
  return { query: query as PostgresPoolClient['query'], release: () => client.release() }
}

import type { Kysely } from 'kysely'
import type { Pool as MysqlPool } from 'mysql2'
import type { Pool as PgPool } from 'pg'
import { ReachError } from '@reachkit/core/spec'
import type { Dialect, OpenDatabase } from './database/dialect.js'
import { useMysqlPool } from './database/mysql.js'
import { usePostgresPool } from './database/postgres.js'
import type { ServerSettings } from './database/settings.js'
import { kyselyDialect, useKysely } from './database/use-kysely.js'
import { OptionReader } from './factory/option-reader.js'
import { readPartsOptions, readServerSettings, type StoreOptions, storeOptionNames } from './factory/options.js'
import { openOn, type SqlStore, sqlStore } from './factory/sql-store.js'

export interface SqlOptions extends StoreOptions {
  /** Which server it is, for a Kysely with a dialect of the app's own. */
  readonly dialect?: 'postgres' | 'mysql' | 'sqlite'
}

/** A `Kysely` of the app's own, a `Pool` of `pg`, or one of `mysql2` or `mysql2/promise`. */
export type SqlConnections = KyselyLike | PgPoolLike | MysqlPoolLike

export interface KyselyLike {
  selectFrom(...from: never[]): unknown
  getExecutor(): unknown
  readonly isTransaction: boolean
}
export interface PgPoolLike {
  connect(): Promise<unknown>
  readonly totalCount: number
}
export interface MysqlPoolLike {
  getConnection(...callback: never[]): unknown
  query(...query: never[]): unknown
}

/**
 * A store, and an outbox, on a database that the app has opened by itself. Nothing that was handed in is closed or set up
 * otherwise: its timeouts and its number of connections are the app's.
 */
export function sql(connections: SqlConnections, options: SqlOptions = {}): SqlStore {
  const reader = new OptionReader('sql', options, [...storeOptionNames, 'dialect'])
  const wanted = reader.choice('dialect', ['postgres', 'mysql', 'sqlite'])
  const parts = readPartsOptions(reader)
  const settings = readServerSettings(reader)
  const { dialect, open } = recognize(connections, wanted)
  return sqlStore({
    name: dialect,
    dialect,
    dedupeMs: parts.dedupeMs,
    openDatabase: () => open({ ...settings, migrate: false }),
    open: async (context) => openOn(await open(settings), context, parts),
  })
}

interface Recognized {
  readonly dialect: Dialect['name']
  readonly open: (settings: ServerSettings) => Promise<OpenDatabase>
}

function recognize(connections: unknown, wanted: Dialect['name'] | undefined): Recognized {
  const fields = (connections ?? {}) as Readonly<Record<string, unknown>>
  const has = (...names: string[]): boolean => names.every((name) => typeof fields[name] === 'function')
  if (has('selectFrom', 'getExecutor') && fields['isTransaction'] !== true) {
    const kysely = connections as Kysely<unknown>
    const dialect = wanted ?? kyselyDialect(kysely)
    return { dialect, open: (settings) => useKysely(kysely, dialect, settings) }
  }
  if (has('connect', 'query') && 'totalCount' in fields) {
    return { dialect: 'postgres', open: (settings) => usePostgresPool(connections as PgPool, settings) }
  }
  if (has('getConnection', 'query')) {
    // A pool of promises stands around one of callbacks.
    const inner = (fields['pool'] as { readonly getConnection?: unknown } | undefined)?.getConnection
    const pool = (typeof inner === 'function' ? fields['pool'] : connections) as MysqlPool
    return { dialect: 'mysql', open: (settings) => useMysqlPool(pool, settings) }
  }
  const text = 'sql: a Kysely, a Pool of `pg` or a pool of `mysql2` is needed, and no transaction'
  throw new ReachError('REACH_OPTION_INVALID', text)
}

import { openPostgres } from './database/postgres.js'
import { OptionReader } from './factory/option-reader.js'
import { readPartsOptions, readServerSettings, type ServerOptions, serverOptionNames } from './factory/options.js'
import { readServerUrl } from './factory/server-url.js'
import { openOn, type SqlStore, sqlStore } from './factory/sql-store.js'

export interface PostgresOptions extends ServerOptions {
  /** `postgres://user:password@host:5432/database` */
  readonly url: string
}

/** A store on PostgreSQL 12 or later, by a pool of connections of its own. Needs the package `pg`. */
export function postgres(options: string | PostgresOptions): SqlStore {
  const given = typeof options === 'string' ? { url: options } : options
  const reader = new OptionReader('postgres', given, [...serverOptionNames, 'url'])
  const url = readServerUrl(reader, ['postgres:', 'postgresql:'])
  const parts = readPartsOptions(reader)
  const settings = readServerSettings(reader)
  return sqlStore({
    name: 'postgres',
    dialect: 'postgres',
    dedupeMs: parts.dedupeMs,
    openDatabase: () => openPostgres(url, { ...settings, migrate: false }),
    open: async (context) => openOn(await openPostgres(url, settings), context, parts),
  })
}

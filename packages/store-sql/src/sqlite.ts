import { openSqlite } from './database/sqlite.js'
import type { Duration } from './factory/option-reader.js'
import { OptionReader } from './factory/option-reader.js'
import { present, readPartsOptions, type StoreOptions, storeOptionNames } from './factory/options.js'
import { type SqlStore, sqlStore, withPool } from './factory/sql-store.js'
import { startWorker } from './worker/start.js'

export interface SqliteOptions extends StoreOptions {
  /** The database file; it is made where there is none, its folder is not. */
  readonly path: string
  /** How long to wait for another process's write lock. Default `10s`. */
  readonly busyTimeout?: Duration
}

/**
 * A store in one file on this machine, shared by any number of processes. It works in a thread of its own, so the event
 * loop never waits for the disk. Needs the package `libsql`.
 */
export function sqlite(options: string | SqliteOptions): SqlStore {
  const given = typeof options === 'string' ? { path: options } : options
  const reader = new OptionReader('sqlite', given, [...storeOptionNames, 'path', 'busyTimeout'])
  const path = reader.text('path') ?? reader.refuse('path', 'the name of a file')
  if (path === ':memory:' || path.startsWith('file:'))
    reader.refuse('path', 'the name of a file, and no other kind of address')
  const parts = readPartsOptions(reader)
  const durable = reader.flag('durable') ?? true
  const database = {
    synchronous: durable ? 'full' : 'normal',
    ...present({ busyMs: reader.durationMs('busyTimeout', 1), migrate: reader.flag('migrate') }),
  } as const
  return sqlStore({
    name: 'sqlite',
    dialect: 'sqlite',
    dedupeMs: parts.dedupeMs,
    openDatabase: () => openSqlite(path, { ...database, migrate: false }),
    open: (context) => startWorker({ path, database, parts: withPool(parts, context) }, context),
  })
}

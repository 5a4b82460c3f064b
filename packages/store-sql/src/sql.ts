import type { Dialect, OpenDatabase } from './database/dialect.js'
import { useMysqlPool } from './database/mysql.js'
import { usePostgresPool } from './database/postgres.js'
import { recognizeConnections, type SqlConnections } from './database/connections.js'
import type { ServerSettings } from './database/settings.js'
import { kyselyDialect, useKysely } from './database/use-kysely.js'
import { OptionReader } from './factory/option-reader.js'
import { readPartsOptions, readServerSettings, type StoreOptions, storeOptionNames } from './factory/options.js'
import { openOn, type SqlStore, sqlStore } from './factory/sql-store.js'

export interface SqlOptions extends StoreOptions {
  /** Which server it is, for a Kysely with a dialect of the app's own. */
  readonly dialect?: 'postgres' | 'mysql' | 'sqlite'
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
  const given = recognizeConnections('sql', connections)
  switch (given.kind) {
    case 'postgres':
      return { dialect: 'postgres', open: (settings) => usePostgresPool(given.pool, settings) }
    case 'mysql':
      return { dialect: 'mysql', open: (settings) => useMysqlPool(given.pool, settings) }
    case 'kysely': {
      const dialect = wanted ?? kyselyDialect(given.kysely)
      return { dialect, open: (settings) => useKysely(given.kysely, dialect, settings) }
    }
  }
}

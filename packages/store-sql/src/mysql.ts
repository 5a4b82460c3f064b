import { openMysql } from './database/mysql.js'
import { OptionReader } from './factory/option-reader.js'
import { readPartsOptions, readServerSettings, type ServerOptions, serverOptionNames } from './factory/options.js'
import { readServerUrl } from './factory/server-url.js'
import { openOn, type SqlStore, sqlStore } from './factory/sql-store.js'

export interface MysqlOptions extends ServerOptions {
  /** `mysql://user:password@host:3306/database` */
  readonly url: string
}

/** A store on MySQL 8, MariaDB 10.5 or later, or TiDB 6.5 or later, by a pool of connections of its own. Needs the package `mysql2`. */
export function mysql(options: string | MysqlOptions): SqlStore {
  const given = typeof options === 'string' ? { url: options } : options
  const reader = new OptionReader('mysql', given, [...serverOptionNames, 'url'])
  const url = readServerUrl(reader, ['mysql:', 'mariadb:'])
  const parts = readPartsOptions(reader)
  const settings = readServerSettings(reader)
  return sqlStore({
    name: 'mysql',
    dialect: 'mysql',
    dedupeMs: parts.dedupeMs,
    openDatabase: () => openMysql(url, { ...settings, migrate: false }),
    open: async (context) => openOn(await openMysql(url, settings), context, parts),
  })
}

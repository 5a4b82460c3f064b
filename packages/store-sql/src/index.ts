export { sql } from './sql.js'
export type { KyselyLike, MysqlPoolLike, PgPoolLike, SqlConnections, SqlOptions } from './sql.js'
export { sqlite } from './sqlite.js'
export type { SqliteOptions } from './sqlite.js'
export { postgres } from './postgres.js'
export type { PostgresOptions } from './postgres.js'
export { mysql } from './mysql.js'
export type { MysqlOptions } from './mysql.js'
export type { SqlStore } from './factory/sql-store.js'
export type { ServerOptions, StoreOptions } from './factory/options.js'
export type { Duration } from './factory/option-reader.js'
export type {
  DrizzleTransactionLike,
  KyselyTransactionLike,
  MysqlConnectionLike,
  PgClientLike,
  PrismaTransactionLike,
  SqliteConnectionLike,
  SqlTransaction,
} from './outbox/transactions.js'

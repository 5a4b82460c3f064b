export { sql } from './sql.js'
export type { SqlOptions } from './sql.js'
export type { KyselyLike, MysqlPoolLike, PgPoolLike, SqlConnections } from './database/connections.js'
export { bound } from './people/bound.js'
export type { RowSource } from './people/reader-of.js'
export type { Bound } from './people/bound.js'
export { sqlReader } from './people/reader.js'
export type { SqlReader, SqlReaderOptions } from './people/reader.js'
export { sqlDirectory } from './people/sql-directory.js'
export type { DirectoryColumns } from './people/directory-columns.js'
export type { SqlDirectory, SqlDirectoryOptions } from './people/sql-directory.js'
export { sqlAudience } from './people/sql-audience.js'
export type { SqlAudience, SqlAudienceOptions } from './people/sql-audience.js'
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

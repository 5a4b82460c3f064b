import type { Dialect } from '../database/dialect.js'

// What a transaction of each client looks like. Nothing of these clients is imported: the app brings its own.

/** A `Transaction` of Kysely. */
export interface KyselyTransactionLike {
  readonly isTransaction: boolean
  insertInto(table: never): unknown
}

/** A `Client` or `PoolClient` of `pg`, after BEGIN. */
export interface PgClientLike {
  query(text: string, values?: never): Promise<unknown>
  escapeIdentifier(text: string): string
}

/** A connection of `mysql2` or `mysql2/promise`, after beginTransaction. */
export interface MysqlConnectionLike {
  beginTransaction(...callback: never[]): unknown
  query(...query: never[]): unknown
  readonly threadId?: unknown
}

/** What Drizzle hands to the callback of `db.transaction`. */
export interface DrizzleTransactionLike {
  rollback(): never
  transaction(...work: never[]): unknown
}

/** What Prisma hands to the callback of `prisma.$transaction`. */
export interface PrismaTransactionLike {
  $executeRawUnsafe(query: string, ...values: never[]): PromiseLike<number>
}

/** A connection of `better-sqlite3` or `libsql` to the store's file, after BEGIN. */
export interface SqliteConnectionLike {
  readonly inTransaction: boolean
  exec(text: string): unknown
  prepare(text: string): unknown
}

/** What `reach.in(tx)` takes with an outbox in SQL. */
export type SqlTransaction =
  | KyselyTransactionLike
  | PgClientLike
  | MysqlConnectionLike
  | DrizzleTransactionLike
  | PrismaTransactionLike
  | SqliteConnectionLike

export type TransactionKind = 'kysely' | 'pg' | 'mysql' | 'mysql-promise' | 'drizzle' | 'prisma' | 'sqlite'

type Fields = Readonly<Record<string, unknown>>

/** Which client a transaction is of, or undefined for what is none: a pool, a plain database, a connection before BEGIN. */
export function transactionKind(value: unknown, dialect: Dialect['name']): TransactionKind | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const fields = value as Fields
  if (isKysely(fields)) return fields['isTransaction'] === true ? 'kysely' : undefined
  if (has(fields, '$executeRawUnsafe')) return isPrismaTransaction(fields) ? 'prisma' : undefined
  if (has(fields, 'rollback', 'transaction') && !has(fields, 'beginTransaction')) return 'drizzle'
  if (dialect === 'postgres') return isPgTransaction(fields) ? 'pg' : undefined
  if (dialect === 'mysql') return mysqlKind(fields)
  return isSqliteTransaction(fields) ? 'sqlite' : undefined
}

function has(fields: Fields, ...names: readonly string[]): boolean {
  return names.every((name) => typeof fields[name] === 'function')
}

function isKysely(fields: Fields): boolean {
  return has(fields, 'insertInto', 'selectFrom', 'executeQuery')
}

/** The client itself connects; what it hands out within a transaction does not. Both may open one: Prisma 7 nests them. */
function isPrismaTransaction(fields: Fields): boolean {
  return !has(fields, '$connect')
}

/** A pool has no identifier to escape; a client of this release knows whether it is in a transaction. */
function isPgTransaction(fields: Fields): boolean {
  if (!has(fields, 'query', 'escapeIdentifier') || 'totalCount' in fields) return false
  if (!has(fields, 'getTransactionStatus')) return true
  const status = (fields as { readonly getTransactionStatus?: () => unknown }).getTransactionStatus?.()
  return status === 'T' || status === 'E'
}

/** A pool hands out connections; a connection does not. */
function mysqlKind(fields: Fields): TransactionKind | undefined {
  if (!has(fields, 'query', 'beginTransaction', 'rollback') || has(fields, 'getConnection')) return undefined
  const inner = fields['connection']
  return typeof inner === 'object' && inner !== null && has(inner as Fields, 'query', 'beginTransaction')
    ? 'mysql-promise'
    : 'mysql'
}

function isSqliteTransaction(fields: Fields): boolean {
  return has(fields, 'prepare', 'exec') && fields['inTransaction'] === true
}

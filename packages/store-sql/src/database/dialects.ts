import { type Kysely, sql, type Transaction } from 'kysely'
import type { Dialect } from './dialect.js'
import { codeOf, type Patience, retrying } from './retry.js'
import { clockOf, serverClocks } from './server-clocks.js'
import type { ReachTables } from './tables.js'

/**
 * PostgreSQL, and MySQL with its relatives: conflicts that the server resolves by letting one of two lose. PostgreSQL takes
 * a second to see one.
 */
const patience: Patience = { totalMs: 10_000, longestPauseMs: 40, leastTries: 10 }

/** serialization_failure, deadlock_detected, lock_not_available. */
const postgresConflicts: ReadonlySet<string> = new Set(['40001', '40P01', '55P03'])

const mysqlConflicts: ReadonlySet<string> = new Set(['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD'])
/** Deadlock and lock wait by number, and the write conflicts of TiDB. */
const mysqlConflictNumbers: ReadonlySet<number> = new Set([1020, 1205, 1213, 8002, 8022, 9007])

type Isolation = 'session' | 'transaction'

/** `isolation`: whether sessions are at READ COMMITTED by themselves, or each transaction has to say so. */
export function postgresDialect(isolation: Isolation): Dialect {
  return {
    name: 'postgres',
    ...clockOf(serverClocks.postgres),
    untold: sql`untold`,
    // The protocol counts values in 16 bits.
    mostValues: 60_000,
    transaction: (db, work) => retryPostgres(() => begin(db, isolation, work)),
    retry: retryPostgres,
    joined: (...parts) => sql`${sql.join(parts, sql` || `)}`,
    locked: (query) => query.forUpdate(),
    ignoring: (query) => query.onConflict((conflict) => conflict.doNothing()),
  }
}

export function mysqlDialect(isolation: Isolation): Dialect {
  return {
    name: 'mysql',
    ...clockOf(serverClocks.mysql),
    untold: sql`untold = 1`,
    mostValues: 60_000,
    transaction: (db, work) => retryMysql(() => begin(db, isolation, work)),
    retry: retryMysql,
    joined: (...parts) => sql`concat(${sql.join(parts)})`,
    locked: (query) => query.forUpdate(),
    ignoring: (query) => query.ignore(),
  }
}

function begin<T>(
  db: Kysely<ReachTables>,
  isolation: Isolation,
  work: (trx: Transaction<ReachTables>) => Promise<T>,
): Promise<T> {
  const transaction = db.transaction()
  return (isolation === 'session' ? transaction : transaction.setIsolationLevel('read committed')).execute(work)
}

function isPostgresConflict(error: unknown): boolean {
  return postgresConflicts.has(codeOf(error) ?? '')
}

function isMysqlConflict(error: unknown): boolean {
  if (mysqlConflicts.has(codeOf(error) ?? '')) return true
  return (
    typeof error === 'object' && error !== null && 'errno' in error && mysqlConflictNumbers.has(Number(error.errno))
  )
}

function retryPostgres<T>(work: () => Promise<T>): Promise<T> {
  return retrying(work, isPostgresConflict, patience)
}

function retryMysql<T>(work: () => Promise<T>): Promise<T> {
  return retrying(work, isMysqlConflict, patience)
}

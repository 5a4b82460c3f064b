import type {
  InsertQueryBuilder,
  InsertResult,
  Kysely,
  RawBuilder,
  SelectQueryBuilder,
  SqlBool,
  Transaction,
} from 'kysely'
import type { ReachTables } from './tables.js'

export type Queries = Kysely<ReachTables> | Transaction<ReachTables>

/** The few things that SQLite, PostgreSQL and MySQL do each in its own way. Whatever else is written, is written once. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres' | 'mysql'
  /** The store's clock: milliseconds since the epoch, a whole number. */
  readonly now: RawBuilder<number>
  /** The same, for statements that are written by hand. */
  readonly nowText: string
  /** Of `reach_progress`: what history was not told of yet, found by an index. */
  readonly untold: RawBuilder<SqlBool>
  /** The longest list of values in one statement, counted in values: what is longer is cut into several. */
  readonly mostValues: number
  /**
   * Runs the work in a transaction (READ COMMITTED; BEGIN IMMEDIATE on SQLite), again with a short pause where it lost a
   * deadlock or a write conflict. So the work has no effect but through its transaction.
   */
  transaction<T>(db: Kysely<ReachTables>, work: (trx: Transaction<ReachTables>) => Promise<T>): Promise<T>
  /** Does one statement outside of a transaction again, with a short pause, where it lost a deadlock or a write conflict. */
  retry<T>(work: () => Promise<T>): Promise<T>
  /** Texts and whole numbers, one behind the other. */
  joined(...parts: readonly RawBuilder<unknown>[]): RawBuilder<string>
  /** Holds the rows that it reads until the transaction ends. On SQLite, where there is one writer, nothing is to do. */
  locked<Table extends keyof ReachTables, Row>(
    query: SelectQueryBuilder<ReachTables, Table, Row>,
  ): SelectQueryBuilder<ReachTables, Table, Row>
  /** Passes over rows whose key is there already. */
  ignoring<Table extends keyof ReachTables>(
    query: InsertQueryBuilder<ReachTables, Table, InsertResult>,
  ): InsertQueryBuilder<ReachTables, Table, InsertResult>
}

/** A store's tables, and how its server speaks. */
export interface Database {
  readonly db: Kysely<ReachTables>
  /** The same, by a way that is kept free for urgent messages; left out where there is one way alone. */
  readonly urgent?: Kysely<ReachTables>
  readonly dialect: Dialect
}

export interface OpenDatabase extends Database {
  /** Closes what was opened for it, and nothing that was handed in. May be called twice. */
  close(): Promise<void>
}

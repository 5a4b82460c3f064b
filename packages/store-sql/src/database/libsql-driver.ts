import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect as KyselyDialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { SharedConnection, Turn } from './shared-connection.js'

const writes = /^\s*(?:insert|update|delete|replace)\b/i
const checkpoints = /^\s*pragma wal_checkpoint\b/i

/** Kysely on one `libsql` connection, which several may share. Calls wait for each other; a transaction takes the write lock when it begins. */
export class LibsqlDialect implements KyselyDialect {
  readonly #shared: SharedConnection
  readonly #urgent: boolean

  /** `urgent`: its calls go before those of others. */
  constructor(shared: SharedConnection, urgent: boolean) {
    this.#shared = shared
    this.#urgent = urgent
  }

  createDriver(): Driver {
    return new LibsqlDriver(this.#shared, this.#urgent)
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler()
  }

  createAdapter(): DialectAdapter {
    return new SqliteAdapter()
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db)
  }
}

class LibsqlDriver implements Driver {
  readonly #shared: SharedConnection
  readonly #urgent: boolean

  constructor(shared: SharedConnection, urgent: boolean) {
    this.#shared = shared
    this.#urgent = urgent
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new LibsqlConnection(this.#shared, await this.#shared.turn(this.#urgent))
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    turnOf(connection).end()
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await turnOf(connection).begin()
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await turnOf(connection).commit()
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    turnOf(connection).rollback()
  }

  async destroy(): Promise<void> {
    this.#shared.close()
  }
}

function turnOf(connection: DatabaseConnection): Turn {
  if (connection instanceof LibsqlConnection) return connection.turn
  throw new TypeError('this connection is of another driver')
}

class LibsqlConnection implements DatabaseConnection {
  readonly turn: Turn
  readonly #shared: SharedConnection

  constructor(shared: SharedConnection, turn: Turn) {
    this.#shared = shared
    this.turn = turn
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const run = (): QueryResult<Row> => this.#shared.statements.run<Row>(sql, parameters)
    if (this.turn.inTransaction) return run()
    if (checkpoints.test(sql)) this.turn.alone()
    // Within a transaction the lock is ours; a write by itself has to wait for it.
    if (!writes.test(sql)) return this.turn.read(run)
    return this.turn.write(run)
  }

  // oxlint-disable-next-line eslint/require-yield -- a generator by contract, that is never run.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('SQLite is read by pages, not by streams')
  }
}

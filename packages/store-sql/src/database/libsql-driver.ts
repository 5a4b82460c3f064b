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
import type Libsql from 'libsql'
import type { Dialect } from './dialect.js'

/** Prepared statements that are kept; preparing costs twice what running does. */
const mostStatements = 256
/** Longer texts are rarely the same twice. */
const longestKeptText = 20_000

const writes = /^\s*(?:insert|update|delete|replace)\b/i

type Statement = ReturnType<Libsql.Database['prepare']>

/** Told before and after each stretch of native code. */
export interface NativeGate {
  enter(): void
  leave(): void
}

/** For a thread that nobody ends. */
export const openGate: NativeGate = { enter() {}, leave() {} }

/** Does a piece of native work between `enter` and `leave`. */
export function through<T>(gate: NativeGate, work: () => T): T {
  gate.enter()
  try {
    return work()
  } finally {
    gate.leave()
  }
}

/** Kysely on one `libsql` connection. Calls wait for each other; a transaction takes the write lock when it begins. */
export class LibsqlDialect implements KyselyDialect {
  readonly #connection: Libsql.Database
  readonly #busy: Pick<Dialect, 'retry'>
  readonly #gate: NativeGate

  constructor(connection: Libsql.Database, busy: Pick<Dialect, 'retry'>, gate: NativeGate) {
    this.#connection = connection
    this.#busy = busy
    this.#gate = gate
  }

  createDriver(): Driver {
    return new LibsqlDriver(this.#connection, this.#busy, this.#gate)
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
  readonly #database: Libsql.Database
  readonly #connection: LibsqlConnection
  readonly #gate: NativeGate
  readonly #waiting: (() => void)[] = []
  #taken = false

  constructor(database: Libsql.Database, busy: Pick<Dialect, 'retry'>, gate: NativeGate) {
    this.#database = database
    this.#gate = gate
    this.#connection = new LibsqlConnection(database, busy, gate)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#taken = true
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift()
    // Handed on without being free in between: whoever came first is next.
    if (next === undefined) this.#taken = false
    else next()
  }

  async beginTransaction(): Promise<void> {
    this.#connection.exec('begin immediate')
  }

  async commitTransaction(): Promise<void> {
    this.#connection.exec('commit')
  }

  async rollbackTransaction(): Promise<void> {
    // SQLite ends a transaction by itself after some errors, such as a full disk.
    if (this.#database.inTransaction) this.#connection.exec('rollback')
  }

  async destroy(): Promise<void> {
    if (!this.#database.open) return
    this.#connection.forget()
    through(this.#gate, () => this.#database.close())
  }
}

class LibsqlConnection implements DatabaseConnection {
  readonly #database: Libsql.Database
  readonly #busy: Pick<Dialect, 'retry'>
  readonly #gate: NativeGate
  readonly #statements = new Map<string, Statement>()

  constructor(database: Libsql.Database, busy: Pick<Dialect, 'retry'>, gate: NativeGate) {
    this.#database = database
    this.#busy = busy
    this.#gate = gate
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    // Within a transaction the lock is ours; a write by itself has to wait for it.
    if (this.#database.inTransaction || !writes.test(sql)) return this.run(sql, parameters)
    return this.#busy.retry(async () => this.#write<Row>(sql, parameters))
  }

  /**
   * A prepared statement that finds the database busy stays active in libsql 0.5: what comes after it is not committed,
   * and nobody else may write. So the lock is taken first, by a statement that is not prepared.
   */
  #write<Row>(sql: string, parameters: readonly unknown[]): QueryResult<Row> {
    this.exec('begin immediate')
    try {
      const result = this.run<Row>(sql, parameters)
      this.exec('commit')
      return result
    } catch (error) {
      if (this.#database.inTransaction) this.exec('rollback')
      throw error
    }
  }

  /** Runs a statement that is not prepared. */
  exec(sql: string): void {
    through(this.#gate, () => this.#database.exec(sql))
  }

  // oxlint-disable-next-line eslint/require-yield -- a generator by contract, that is never run.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('SQLite is read by pages, not by streams')
  }

  forget(): void {
    this.#statements.clear()
  }

  run<Row>(sql: string, parameters: readonly unknown[]): QueryResult<Row> {
    const bound = parameters.map(bindable)
    return through(this.#gate, () => this.#run(sql, bound))
  }

  #run<Row>(sql: string, bound: readonly unknown[]): QueryResult<Row> {
    const statement = this.#prepare(sql)
    if (statement.reader) return { rows: readable(statement.all(bound)) as Row[] }
    const { changes } = statement.run(bound)
    return { numAffectedRows: BigInt(changes), rows: [] }
  }

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known !== undefined) {
      // The least recently used one goes first: a Map keeps the order of insertion.
      this.#statements.delete(sql)
      this.#statements.set(sql, known)
      return known
    }
    const statement = this.#database.prepare(sql)
    if (sql.length > longestKeptText) return statement
    this.#statements.set(sql, statement)
    if (this.#statements.size > mostStatements) {
      for (const oldest of this.#statements.keys()) {
        this.#statements.delete(oldest)
        break
      }
    }
    return statement
  }
}

/** A value that libsql takes: one that it does not, such as `true`, ends the whole process. */
function bindable(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`SQLite cannot store a value of type ${typeof value}`)
}

/** Blobs come as ArrayBuffer, and are handed on as Uint8Array as every other driver does. */
function readable(rows: unknown[]): unknown[] {
  const [first] = rows
  if (typeof first !== 'object' || first === null) return rows
  const names = Object.keys(first)
  for (const row of rows as Record<string, unknown>[]) {
    for (const name of names) {
      const value = row[name]
      if (value instanceof ArrayBuffer) row[name] = new Uint8Array(value)
    }
  }
  return rows
}

import type Libsql from 'libsql'
import type { QueryResult } from 'kysely'

/** Prepared statements that are kept; preparing costs twice what running does. */
const mostStatements = 256
/** Longer texts are rarely the same twice. */
const longestKeptText = 20_000

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

/** A `libsql` connection with its statements prepared. */
export class LibsqlStatements {
  readonly #database: Libsql.Database
  readonly #gate: NativeGate
  readonly #statements = new Map<string, Statement>()

  constructor(database: Libsql.Database, gate: NativeGate) {
    this.#database = database
    this.#gate = gate
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction
  }

  /** Runs a statement that is not prepared. */
  exec(sql: string): void {
    through(this.#gate, () => this.#database.exec(sql))
  }

  close(): void {
    if (!this.#database.open) return
    this.#statements.clear()
    through(this.#gate, () => this.#database.close())
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

import { setTimeout as wait } from 'node:timers/promises'
import type Libsql from 'libsql'
import { codeOf } from './retry.js'
import { LibsqlStatements, type NativeGate } from './libsql-statements.js'

/** A commit waits for the disk; for so long others join it, and hold the write lock against other processes. Milliseconds. */
const longestGroupMs = 6
/** Who waits for the lock looks for it so often; where several processes write, each leaves it free that long. */
const gapMs = 1
/** For how long others are believed to write after they did. */
const othersMs = 1_000

/** One that has the connection. */
export interface Turn {
  readonly inTransaction: boolean
  /** Takes the write lock: rejects where another process holds it for too long. */
  begin(): Promise<void>
  /** Resolves once it is on disk: with others, where those come before that. */
  commit(): Promise<void>
  rollback(): void
  /** Commits what others have done before: some statements are refused within a transaction. */
  alone(): void
  /** What was read beside others counts once they are on disk. */
  read<T>(work: () => T): Promise<T>
  /** A transaction of one statement. */
  write<T>(work: () => T): Promise<T>
  end(): void
}

/** Transactions that are committed by one, each in a savepoint but for the first. */
interface Group {
  readonly began: number
  readonly members: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[]
}

/**
 * One connection that many take turns at. What ends while others wait is committed together with what those do: a commit
 * costs more than what is in it.
 */
export class SharedConnection {
  readonly statements: LibsqlStatements
  readonly #urgent: (() => void)[] = []
  readonly #waiting: (() => void)[] = []
  readonly #busyMs: number
  #taken = false
  #group: Group | undefined
  /** When another process was seen to write, and what it is seen by. */
  #othersAt = Number.NEGATIVE_INFINITY
  #version = -1

  constructor(database: Libsql.Database, gate: NativeGate, busyMs: number) {
    this.statements = new LibsqlStatements(database, gate)
    this.#busyMs = busyMs
  }

  async turn(isUrgent: boolean): Promise<Turn> {
    if (this.#taken) await new Promise<void>((resolve) => (isUrgent ? this.#urgent : this.#waiting).push(resolve))
    this.#taken = true
    return new OwnTurn(this, isUrgent)
  }

  close(): void {
    this.settle()
    this.statements.close()
  }

  /** Takes the write lock, or a savepoint where the group has it. Answers whether it was a savepoint. */
  async begin(isUrgent: boolean): Promise<boolean> {
    const deadline = performance.now() + this.#busyMs
    while (this.#group === undefined) {
      if (this.#lock(deadline)) return false
      await wait(gapMs)
      if (!isUrgent && this.#urgent.length > 0) await this.#standBack()
    }
    this.statements.exec('savepoint step')
    return true
  }

  #lock(deadline: number): boolean {
    try {
      this.statements.exec('begin immediate')
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
      this.#othersAt = performance.now()
      return false
    }
    const [row] = this.statements.run<{ data_version: number }>('pragma data_version', []).rows
    if (row !== undefined && row.data_version !== this.#version && this.#version >= 0)
      this.#othersAt = performance.now()
    this.#version = row?.data_version ?? -1
    return true
  }

  /** What is urgent goes first; then it is this one's turn again. */
  async #standBack(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.unshift(resolve)
      this.#next()
    })
  }

  /** Ends a step that joins the group. Whoever is next has the connection then. */
  join(began: number, isSavepoint: boolean): Promise<void> {
    if (isSavepoint) this.statements.exec('release step')
    this.#group ??= { began, members: [] }
    return this.beside()
  }

  /** Resolves with the group's commit. */
  beside(): Promise<void> {
    const committed = new Promise<void>((resolve, reject) => this.#group?.members.push({ resolve, reject }))
    this.#goOn()
    return committed
  }

  get hasGroup(): boolean {
    return this.#group !== undefined
  }

  rollback(isSavepoint: boolean): void {
    // SQLite ends a transaction by itself after some errors, such as a full disk.
    if (!this.statements.inTransaction) return this.#endGroup(new Error('the transaction was ended by SQLite'))
    this.statements.exec(isSavepoint ? 'rollback to step' : 'rollback')
    if (isSavepoint) this.statements.exec('release step')
  }

  /** Gives the connection to whoever is next: urgent ones first, and each in the order in which they came. */
  handOn(): void {
    if (this.#group !== undefined) return this.#goOn()
    this.#next()
  }

  #next(): void {
    const next = this.#urgent.shift() ?? this.#waiting.shift()
    // Handed on without being free in between: whoever came first is next.
    if (next === undefined) this.#taken = false
    else next()
  }

  /** Lets the next one join, or commits; where other processes write too, they get the lock in between. */
  #goOn(): void {
    if (this.#mayJoin) return this.#next()
    this.settle()
    if (performance.now() - this.#othersAt > othersMs) return this.#next()
    setTimeout(() => this.#next(), gapMs)
  }

  get #mayJoin(): boolean {
    if (this.#group === undefined || performance.now() - this.#group.began >= longestGroupMs) return false
    return this.#urgent.length + this.#waiting.length > 0
  }

  /** Commits what has joined until now. */
  settle(): void {
    if (this.#group === undefined) return
    try {
      this.statements.exec('commit')
      this.#endGroup(undefined)
    } catch (error) {
      if (this.statements.inTransaction) this.statements.exec('rollback')
      this.#endGroup(error)
    }
  }

  #endGroup(error: unknown): void {
    const group = this.#group
    this.#group = undefined
    for (const { resolve, reject } of group?.members ?? []) {
      if (error === undefined) resolve()
      else reject(error)
    }
  }
}

class OwnTurn implements Turn {
  inTransaction = false
  readonly #shared: SharedConnection
  #began = 0
  #isSavepoint = false
  #handedOn = false

  readonly #isUrgent: boolean

  constructor(shared: SharedConnection, isUrgent: boolean) {
    this.#shared = shared
    this.#isUrgent = isUrgent
  }

  alone(): void {
    this.#shared.settle()
  }

  async begin(): Promise<void> {
    this.#isSavepoint = await this.#shared.begin(this.#isUrgent)
    this.#began = performance.now()
    this.inTransaction = true
  }

  async commit(): Promise<void> {
    this.inTransaction = false
    this.#handedOn = true
    await this.#shared.join(this.#began, this.#isSavepoint)
  }

  rollback(): void {
    // What could not be committed is rolled back already, and somebody else has the connection.
    if (!this.inTransaction) return
    this.inTransaction = false
    this.#shared.rollback(this.#isSavepoint)
  }

  async read<T>(work: () => T): Promise<T> {
    const value = work()
    if (!this.#shared.hasGroup) return value
    this.#handedOn = true
    await this.#shared.beside()
    return value
  }

  /**
   * A prepared statement that finds the database busy stays active in libsql 0.5: what comes after it is not committed,
   * and nobody else may write. So the lock is taken first, by a statement that is not prepared.
   */
  async write<T>(work: () => T): Promise<T> {
    await this.begin()
    let value: T
    try {
      value = work()
    } catch (error) {
      this.rollback()
      throw error
    }
    await this.commit()
    return value
  }

  end(): void {
    if (!this.#handedOn) this.#shared.handOn()
    this.#handedOn = true
  }
}

export function isBusy(error: unknown): boolean {
  const code = codeOf(error)
  return code?.startsWith('SQLITE_BUSY') === true || code?.startsWith('SQLITE_LOCKED') === true
}

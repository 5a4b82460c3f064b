import type {
  Addition,
  BucketAnswer,
  BucketTake,
  BudgetLevel,
  BudgetLine,
  Remembered,
  State,
  StateDocument,
  StoreContext,
  WindowAnswer,
  WindowEntry,
} from '@reachkit/core/spec'
import type { Database } from '../database/dialect.js'
import { take } from './buckets.js'
import { credit, endReservations, levels, reserve } from './budgets.js'
import { count } from './counters.js'
import { lastChange, read, write } from './documents.js'
import { pruneState } from './prune.js'
import { forget, remember, type Standing } from './remembered.js'
import { Watchers } from './watchers.js'
import { enter, leave } from './windows.js'

/** State in a database: each verb is one transaction for its whole batch, or one statement. */
export class SqlState implements State {
  readonly specVersion = 1
  readonly #database: Database
  readonly #watchers: Watchers

  constructor(database: Database, watchers: Watchers) {
    this.#database = database
    this.#watchers = watchers
  }

  /** Reads where the changes of documents stand, so that a watcher misses none. */
  static async open(database: Database, { clock, logger }: Pick<StoreContext, 'clock' | 'logger'>): Promise<SqlState> {
    return new SqlState(database, new Watchers(database, clock, logger, await lastChange(database.db)))
  }

  async now(): Promise<number> {
    const { db, dialect } = this.#database
    const { now } = await db.selectNoFrom(dialect.now.as('now')).executeTakeFirstOrThrow()
    return now
  }

  count(additions: readonly Addition[]): Promise<readonly number[]> {
    return count(this.#database, additions)
  }

  remember(entries: readonly Remembered[]): Promise<readonly Standing[]> {
    return remember(this.#database, entries)
  }

  forget(keys: readonly string[]): Promise<void> {
    return forget(this.#database, keys)
  }

  take(takes: readonly BucketTake[]): Promise<readonly BucketAnswer[]> {
    return take(this.#database, takes)
  }

  enter(entries: readonly WindowEntry[]): Promise<readonly WindowAnswer[]> {
    return enter(this.#database, entries)
  }

  leave(members: readonly { readonly key: string; readonly member: string }[]): Promise<void> {
    return leave(this.#database, members)
  }

  credit(budget: string, amount: number): Promise<number> {
    return credit(this.#database, budget, amount)
  }

  reserve(reservation: string, lines: readonly BudgetLine[]): Promise<readonly boolean[]> {
    return reserve(this.#database, reservation, lines)
  }

  async confirm(reservation: string, members: readonly string[], amounts?: ReadonlyMap<string, number>): Promise<void> {
    const { db, dialect } = this.#database
    const end = { reservation, confirm: members, release: [], ...(amounts !== undefined && { amounts }) }
    await dialect.transaction(db, (trx) => endReservations(trx, dialect, [end]))
  }

  async release(reservation: string, members?: readonly string[]): Promise<void> {
    const { db, dialect } = this.#database
    const end = {
      reservation,
      confirm: [],
      release: members ?? [],
      ...(members === undefined && { rest: 'released' as const }),
    }
    await dialect.transaction(db, (trx) => endReservations(trx, dialect, [end]))
  }

  budgets(keys: readonly string[]): Promise<readonly BudgetLevel[]> {
    return levels(this.#database, keys)
  }

  read(keys: readonly string[]): Promise<readonly StateDocument[]> {
    return read(this.#database, keys)
  }

  async write(key: string, text: string, expectedVersion: number): Promise<number | undefined> {
    const version = await write(this.#database, key, text, expectedVersion)
    if (version !== undefined) this.#watchers.tell(key)
    return version
  }

  watch(prefix: string, changed: (key: string) => void): () => void {
    return this.#watchers.watch(prefix, changed)
  }

  /** Forgets what has expired, at most about `limit` rows of each kind; answers how many rows went. */
  prune(limit: number): Promise<number> {
    return pruneState(this.#database, limit)
  }

  /** Nobody is told of changes any more. */
  close(): void {
    this.#watchers.close()
  }
}

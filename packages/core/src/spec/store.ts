import type { Book } from './book.js'
import type { Clock } from './clock.js'
import type { History } from './history.js'
import type { Ledger } from './ledger.js'
import type { Logger } from './logger.js'
import type { NewParcel } from './ledger.js'
import type { Pool } from './pool.js'
import type { Random } from './random.js'
import type { State } from './state.js'

export interface StoreContext {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /**
   * A pool of another engine carries the envelopes: the ledger answers what has to be pushed, and sweeps, whatever pool
   * the store has itself.
   */
  readonly otherPool?: boolean
}

export interface StoreParts {
  readonly ledger: Ledger
  readonly state: State
  readonly history: History
  /** Recipients, their events, and lists of audiences. Without it there are no segments, no triggers that wait for events, and no audience is copied. */
  readonly book?: Book
  /** Left out by a store that needs a pool of another engine. */
  readonly pool?: Pool
  /** Of a store that takes transactions of its own database: `reach.in(tx)` needs no other outbox then. */
  readonly outbox?: AnyOutbox
  /** How long `accept` knows a digest at least, in milliseconds; a day where it is left out. */
  readonly dedupeMs?: number
  /** Closes what the store opened, and nothing that it was given. */
  close(): Promise<void>
}

declare const transaction: unique symbol

/**
 * A place to keep messages: ledger, state and history that belong together, and mostly a pool. Nothing is opened
 * before `open`, which is called once; a store that cannot keep its durability class refuses there.
 *
 * A store that takes transactions of its own database has an `outbox` among its parts, or is an `Outbox` itself.
 */
export interface Store<Transaction = never> {
  readonly specVersion: 1
  readonly name: string
  readonly [transaction]?: (tx: Transaction) => void
  open(context: StoreContext): Promise<StoreParts> | StoreParts
}

export interface PoolContext extends StoreContext {
  /** What waits in the ledger, for a pool that takes only some of it at a time. */
  readonly ledger: Pick<Ledger, 'pending' | 'now'>
}

/** A pool of another engine than the store's. Nothing is opened before `open`, which is called once. */
export interface PoolSource {
  readonly specVersion: 1
  readonly name: string
  open(context: PoolContext): Promise<Pool> | Pool
}

/** One row of an outbox: a parcel that was committed. */
export interface OutboxRow {
  readonly id: string
  /** Undefined where this version of the app cannot read it: it is left for one that can. */
  readonly parcel: NewParcel | undefined
}

export interface OutboxBacklog {
  /** Rows that are committed and not done. */
  readonly waiting: number
  /** When the oldest of them was written, in milliseconds since the epoch; undefined where there is none. */
  readonly oldest: number | undefined
}

/**
 * Writes parcels into a transaction of the caller's; a relay accepts them after the commit.
 *
 * Promises:
 * - `append` inserts one row a parcel, keyed by the parcel's fresh id alone: two transactions never wait for each other.
 *   It reads nothing, and keeps everything of a parcel but `value`.
 * - `claim` answers rows that are committed, and never by a cursor: a long transaction that commits last is found too.
 *   What was claimed is handed to nobody else until it is done, or until the claim runs out: after 30 seconds at least,
 *   a minute at most. A row that cannot be read does not keep the others from being claimed.
 * - `done` deletes rows; ids that are gone are passed over.
 */
export interface Outbox<Transaction> {
  readonly specVersion: 1
  readonly [transaction]?: (tx: Transaction) => void
  /** True for an open transaction, false for what would commit each statement by itself, such as a connection pool. */
  isTransaction(value: unknown): value is Transaction
  append(tx: Transaction, parcels: readonly NewParcel[]): Promise<void>
  /** Claims rows, oldest commit first; `done` deletes them. */
  claim(limit: number): Promise<readonly OutboxRow[]>
  done(ids: readonly string[]): Promise<void>
  /** What waits to be relayed, for operators. */
  backlog?(): Promise<OutboxBacklog>
  /** Closes what it has opened by itself. Called at the end, where it is no store that is closed anyway. */
  close?(): Promise<void>
}

/** An outbox, whatever its transactions are. */
export type AnyOutbox = Pick<
  Outbox<unknown>,
  'specVersion' | 'isTransaction' | 'append' | 'claim' | 'done' | 'backlog' | 'close'
>

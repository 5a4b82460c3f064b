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
}

export interface StoreParts {
  readonly ledger: Ledger
  readonly state: State
  readonly history: History
  /** Left out by a store that needs a pool of another engine. */
  readonly pool?: Pool
  /** Closes what the store opened, and nothing that it was given. */
  close(): Promise<void>
}

declare const transaction: unique symbol

/**
 * A place to keep messages: ledger, state and history that belong together, and mostly a pool. Nothing is opened
 * before `open`, which is called once; a store that cannot keep its durability class refuses there.
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

/** Writes parcels into a transaction of the caller's; a relay accepts them after the commit. */
export interface Outbox<Transaction> {
  readonly specVersion: 1
  readonly [transaction]?: (tx: Transaction) => void
  isTransaction(value: unknown): value is Transaction
  append(tx: Transaction, parcels: readonly NewParcel[]): Promise<void>
  /** Claims rows, oldest commit first; `done` deletes them. */
  claim(limit: number): Promise<readonly { readonly id: string; readonly parcel: NewParcel }[]>
  done(ids: readonly string[]): Promise<void>
}

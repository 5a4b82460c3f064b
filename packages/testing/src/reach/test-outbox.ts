import { ReachError } from '@reachkit/core/spec'
import type { AnyOutbox, NewParcel, OutboxRow } from '@reachkit/core/spec'

/** A transaction of a test: what was written into it is sent after its commit, and never after its rollback. */
export interface TestTransaction<Transaction> {
  /** For `reach.in(tx)`, and for code that takes a transaction and does nothing else with it. */
  readonly tx: Transaction
  commit(): void
  rollback(): void
}

interface Held {
  open: boolean
  readonly parcels: NewParcel[]
}

/**
 * An outbox in memory. It takes transactions of its own, and those that the app's own outbox takes: of these a test sees
 * no commit, so what is written into them counts as committed at once.
 */
export class TestOutbox implements AnyOutbox {
  readonly specVersion = 1
  readonly #own: Pick<AnyOutbox, 'isTransaction'> | undefined
  readonly #held = new WeakMap<object, Held>()
  #committed: NewParcel[] = []

  constructor(own: Pick<AnyOutbox, 'isTransaction'> | undefined) {
    this.#own = own
  }

  begin<Transaction>(): TestTransaction<Transaction> {
    const tx = {}
    const held: Held = { open: true, parcels: [] }
    this.#held.set(tx, held)
    return {
      tx: tx as Transaction,
      commit: () => {
        if (held.open) this.#committed.push(...held.parcels)
        held.open = false
      },
      rollback: () => {
        held.open = false
      },
    }
  }

  isTransaction(value: unknown): value is unknown {
    const held = this.#heldBy(value)
    return held === undefined ? this.#own?.isTransaction(value) === true : held.open
  }

  async append(tx: unknown, parcels: readonly NewParcel[]): Promise<void> {
    if (!this.isTransaction(tx)) throw new ReachError('REACH_TRANSACTION_UNSUPPORTED', 'the transaction is over')
    const held = this.#heldBy(tx)
    for (const parcel of parcels) (held?.parcels ?? this.#committed).push(parcel)
  }

  async claim(limit: number): Promise<readonly OutboxRow[]> {
    return this.#committed.splice(0, limit).map((parcel) => ({ id: parcel.id, parcel }))
  }

  async done(): Promise<void> {}

  #heldBy(value: unknown): Held | undefined {
    return typeof value === 'object' && value !== null ? this.#held.get(value) : undefined
  }
}

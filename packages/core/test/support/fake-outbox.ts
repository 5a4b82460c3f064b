import type { Clock, NewMessage, NewParcel, Outbox, OutboxRow } from '@reachkit/core'

/** A transaction of a database that nobody runs: its rows are there for others once it is committed. */
export class FakeTransaction {
  readonly rows: { id: string; text: string }[] = []
  open = true
}

/** A table of rows as text, as a database keeps them, with claims that run out. */
export class FakeDatabase {
  readonly #clock: Clock
  readonly committed = new Map<string, { text: string; claimedUntil: number }>()
  /** What `claim` and `done` end in instead, while it is set. */
  failure: Error | undefined
  /** `done` does nothing: as if the process had died before it. */
  forgetful = false
  claims = 0
  closed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  begin(): FakeTransaction {
    return new FakeTransaction()
  }

  commit(tx: FakeTransaction): void {
    tx.open = false
    for (const { id, text } of tx.rows) {
      if (this.committed.has(id)) throw new Error('a duplicate key')
      this.committed.set(id, { text, claimedUntil: 0 })
    }
  }

  rollback(tx: FakeTransaction): void {
    tx.open = false
  }

  readonly outbox: Outbox<FakeTransaction> = {
    specVersion: 1,
    isTransaction: (value): value is FakeTransaction => value instanceof FakeTransaction && value.open,
    append: async (tx, parcels) => {
      if (!tx.open) throw new Error('the transaction is over')
      for (const parcel of parcels) tx.rows.push({ id: parcel.id, text: textOf(parcel) })
    },
    claim: async (limit) => this.#claim(limit),
    done: async (ids) => {
      this.#mayFail()
      if (!this.forgetful) for (const id of ids) this.committed.delete(id)
    },
    close: async () => {
      this.closed = true
    },
    backlog: async () => ({ waiting: this.committed.size, oldest: undefined }),
  }

  #claim(limit: number): OutboxRow[] {
    this.claims += 1
    this.#mayFail()
    const now = this.#clock.monotonic()
    const free = [...this.committed].filter(([, row]) => row.claimedUntil <= now).slice(0, limit)
    for (const [, row] of free) row.claimedUntil = now + 30_000
    return free.map(([id, { text }]) => ({ id, parcel: parcelOf(text) }))
  }

  #mayFail(): void {
    if (this.failure !== undefined) throw this.failure
  }
}

function textOf(parcel: NewParcel): string {
  const messages = parcel.messages.map(plain)
  return JSON.stringify({ schema: 1, ...parcel, messages })
}

function plain(message: NewMessage): NewMessage {
  const { type, version, recipient, inline, data, lane, labels, sandbox, expires, digest } = message
  return { type, version, recipient, inline, data, lane, labels, sandbox, expires, digest }
}

function parcelOf(text: string): NewParcel | undefined {
  const { schema, ...parcel } = JSON.parse(text) as NewParcel & { schema: number }
  return schema === 1 ? parcel : undefined
}

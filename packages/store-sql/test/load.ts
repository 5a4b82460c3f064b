import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Ledger, NewParcel } from '@reachkit/core/spec'

const withinMs = 60_000
const sweepEveryMs = 50
/** So many sweeps in a row without an error: some seconds. */
const wellAfter = 40

/** Callers and workers that use a ledger without a pause, and a sweep beside them. What fails is done again. */
export class Load {
  readonly #ledger: Ledger
  #running: readonly Promise<void>[] = []
  #over = false
  #sweptInARow = 0
  #lastError: unknown
  /** A message of each parcel that was confirmed. */
  readonly accepted: string[] = []

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  start(count: number): void {
    const workers = Array.from({ length: count }, () => this.#repeat(() => this.#send(), 0))
    this.#running = [...workers, this.#repeat(() => this.#sweep(), sweepEveryMs)]
  }

  /** Resolves when so many parcels more were sent. */
  async more(count: number): Promise<void> {
    const wanted = this.accepted.length + count
    await this.#until(() => this.accepted.length >= wanted)
  }

  /** Resolves once the ledger works again, and has for a while. */
  async recovered(): Promise<void> {
    this.#sweptInARow = 0
    await this.more(50)
    await this.#until(() => this.#sweptInARow >= wellAfter)
  }

  async stop(): Promise<void> {
    this.#over = true
    await Promise.all(this.#running)
  }

  async #until(isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + withinMs
    while (!isSo()) {
      if (performance.now() > deadline)
        throw new Error('the ledger did not recover in time', { cause: this.#lastError })
      await wait(10)
    }
  }

  async #repeat(work: () => Promise<void>, everyMs: number): Promise<void> {
    while (!this.#over) {
      try {
        await work()
        await wait(everyMs)
      } catch (error) {
        this.#lastError = error
        await wait(200)
      }
    }
  }

  async #sweep(): Promise<void> {
    try {
      await this.#ledger.sweep(100)
      this.#sweptInARow += 1
    } catch (error) {
      this.#sweptInARow = 0
      throw error
    }
  }

  /** The whole way of one parcel. */
  async #send(): Promise<void> {
    const parcel = newParcel()
    const [acceptance] = await this.#ledger.accept([parcel])
    const [id] = acceptance?.ids ?? []
    if (id !== undefined) this.accepted.push(id)
    const envelopes = parcel.entries.map((entry) => ({ ...entry, schema: 1 as const, tenant: parcel.tenant }))
    const [claim] = await this.#ledger.claim({ envelopes, owner: 'load', leaseMs: 5_000 })
    if (claim?.status !== 'claimed') return
    const { entry, token } = claim
    const slice = { positions: [0, 1], steps: [0, 0], attempting: ['a', 'b'] }
    await this.#ledger.begin([{ entry, token, leaseMs: 5_000, slice: 0, parcel: parcel.id, ...slice }])
    const to = { state: 'done', outcome: 'sent' } as const
    const results = slice.positions.map((position) => ({ position, step: 0, to, events: [] }))
    await this.#ledger.settle([{ entry, token, parcel: parcel.id, results, entries: [], finish: true }])
  }
}

function newParcel(): NewParcel {
  const id = randomBytes(8).toString('hex')
  const message = { type: 'load', version: 1, inline: undefined, data: '{}', lane: 'P2', labels: {} } as const
  const rest = { sandbox: false, expires: undefined, digest: undefined }
  const cargo = { kind: 'messages', parcel: id, positions: [0, 1], steps: [0, 0] } as const
  return {
    id,
    tenant: 'acme',
    messages: ['one', 'other'].map((recipient) => ({ ...message, ...rest, recipient })),
    entries: [{ id: `e-${id}`, lane: 'P2', due: 0, weight: 1, cargo }],
  }
}

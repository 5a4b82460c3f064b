import type { Ledger, Lane } from '../spec/index.js'

/** So many envelopes of a tenant and lane are due at most before its tasks stop to add to them; as many are let in again below half. */
const high = 32
const low = high / 2

/** Keeps what is due now of a tenant and lane between two marks, whatever the size of the audiences. */
export class Watermark {
  readonly #ledger: Pick<Ledger, 'pending'>
  readonly #now: () => number
  /** Those that were filled to the high mark, until they are below the low one. */
  readonly #full = new Set<string>()

  constructor(ledger: Pick<Ledger, 'pending'>, now: () => number) {
    this.#ledger = ledger
    this.#now = now
  }

  /** How many envelopes may be added; 0 for none yet. */
  async room(tenant: string, lane: Lane): Promise<number> {
    const key = `${lane}${tenant}`
    const due = await this.#ledger.pending({ tenant, lane, dueBefore: this.#now() + 1 }, high)
    const waiting = due.filter(({ cargo }) => cargo.kind === 'messages').length
    if (waiting >= high) this.#full.add(key)
    if (waiting <= low) this.#full.delete(key)
    return this.#full.has(key) ? 0 : high - waiting
  }
}

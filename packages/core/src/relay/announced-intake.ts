import { begun } from '../io/rejected.js'
import { isReachError, messageId } from '../spec/index.js'
import type { Acceptance, Envelope, Ledger, NewParcel, Settled } from '../spec/index.js'

/** Who is told what became of messages whose ids were told before. */
export interface AnnouncedArrivals {
  accepted(acceptance: Acceptance): void
  ended(id: string, to: Settled): void
  push(envelopes: readonly Envelope[]): void
}

/**
 * Accepts parcels whose ids were told to somebody before: rows of an outbox, records of a spool. `accept` is idempotent
 * by the parcel's id, so whoever dies before it has noted that a parcel is accepted does no harm.
 */
export class AnnouncedIntake {
  readonly #ledger: Pick<Ledger, 'accept'>
  readonly #arrivals: AnnouncedArrivals

  constructor(ledger: Pick<Ledger, 'accept'>, arrivals: AnnouncedArrivals) {
    this.#ledger = ledger
    this.#arrivals = arrivals
  }

  /**
   * Answers which were taken, in order; a parcel that the store refuses for what it is keeps nobody from the others.
   * Rejects where the store takes nothing now: then it is as if nothing had been asked.
   */
  async accept(parcels: readonly NewParcel[]): Promise<readonly boolean[]> {
    const announced = parcels.map((parcel) => ({ ...parcel, announced: true }))
    try {
      await this.#acceptAll(announced)
      return announced.map(() => true)
    } catch (error) {
      if (takesNothing(error)) throw error
      if (announced.length > 1) return this.#oneByOne(announced, error)
      // A coded error is about the parcel; of any other nobody knows.
      if (isReachError(error)) return [false]
      throw error
    }
  }

  async #oneByOne(parcels: readonly NewParcel[], first: unknown): Promise<readonly boolean[]> {
    const taken: boolean[] = []
    for (const parcel of parcels) {
      try {
        await this.#acceptAll([parcel])
        taken.push(true)
      } catch (error) {
        if (takesNothing(error)) throw error
        taken.push(false)
      }
    }
    // Not one of them: then it is the store, whatever it calls that.
    if (!taken.includes(true)) throw first
    return taken
  }

  async #acceptAll(parcels: readonly NewParcel[]): Promise<void> {
    const acceptances = await begun(() => this.#ledger.accept(parcels))
    for (const [index, parcel] of parcels.entries()) {
      const acceptance = acceptances[index]
      if (acceptance === undefined) throw new TypeError('the ledger answered no acceptance')
      if (acceptance.status === 'accepted') this.#arrivals.accepted(acceptance)
      this.#tellDuplicates(parcel, acceptance)
    }
    this.#arrivals.push(acceptances.flatMap(({ envelopes }) => envelopes))
  }

  #tellDuplicates({ id }: NewParcel, { ids, deduplicated }: Acceptance): void {
    for (const [position, into] of ids.entries()) {
      if (deduplicated[position] !== true) continue
      const to = { state: 'done', outcome: 'merged', reason: { code: 'duplicate' }, into } as const
      this.#arrivals.ended(messageId(id, position), to)
    }
  }
}

/** The store is away or full: the parcel is not to blame. */
export function takesNothing(error: unknown): boolean {
  return isReachError(error, 'REACH_STORE_UNAVAILABLE') || isReachError(error, 'REACH_STORE_FULL')
}

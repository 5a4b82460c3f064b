import { messageId } from '../spec/index.js'
import { Fifo } from './fifo.js'

/** The digests of one parcel by position; those that it was not the first with are left out. They expire together. */
interface Remembered {
  readonly parcel: string
  readonly digests: (string | undefined)[]
  at: number
}

/**
 * Digests of accepted messages and the ids they map to. One lasts at least `windowMs`, longer while its parcel lives,
 * and is dropped within another window. Beyond `limit` the oldest go first, and `overflowed` is called.
 */
export class DedupeWindow {
  readonly #digests = new Map<string, Remembered>()
  readonly #queue = new Fifo<Remembered>()

  constructor(
    readonly windowMs: number,
    readonly limit: number,
    readonly lives: (parcel: string) => boolean,
    readonly overflowed: () => void,
  ) {}

  get size(): number {
    return this.#digests.size
  }

  /** Queues the digests of a parcel; each is then to be claimed. */
  remember(parcel: string, digests: (string | undefined)[], now: number): Remembered {
    const fresh = { parcel, digests, at: now }
    this.#queue.push(fresh)
    return fresh
  }

  /** The id of the first message with the digest at a position, or undefined: then this one is, or has none. */
  claim(position: number, fresh: Remembered): string | undefined {
    const digest = fresh.digests[position]
    if (digest === undefined) return undefined
    const first = this.#digests.get(digest)
    if (first === undefined) {
      this.#digests.set(digest, fresh)
      return undefined
    }
    const at = first.digests.indexOf(digest)
    if (first !== fresh || at !== position) fresh.digests[position] = undefined
    return messageId(first.parcel, at)
  }

  /** Drops what is past its window, looking at no more than `most` parcels; false where there may be more. */
  prune(now: number, most: number): boolean {
    for (let looked = 0; looked < most; looked += 1) {
      const oldest = this.#queue.peek()
      if (oldest === undefined) return true
      const full = this.#digests.size > this.limit
      if (!full && oldest.at + this.windowMs > now) return true
      this.#queue.shift()
      if (full) this.overflowed()
      if (full || !this.lives(oldest.parcel)) this.#drop(oldest)
      else this.#keepOn(oldest, now)
    }
    return false
  }

  #drop({ digests }: Remembered): void {
    for (const digest of digests) if (digest !== undefined) this.#digests.delete(digest)
  }

  #keepOn(living: Remembered, now: number): void {
    living.at = now
    this.#queue.push(living)
  }
}

import { messageId } from '../spec/index.js'
import { Fifo } from './fifo.js'

/** The digests that one parcel was the first with, and their positions in it. They expire together. */
interface Remembered {
  readonly parcel: string
  readonly digests: string[]
  readonly positions: number[]
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

  open(parcel: string, now: number): Remembered {
    return { parcel, digests: [], positions: [], at: now }
  }

  /** The id of the first message with this digest, or undefined: then this one is. */
  claim(digest: string, position: number, fresh: Remembered): string | undefined {
    const first = this.#digests.get(digest)
    if (first !== undefined) return messageId(first.parcel, first.positions[first.digests.indexOf(digest)] ?? 0)
    this.#digests.set(digest, fresh)
    fresh.digests.push(digest)
    fresh.positions.push(position)
    return undefined
  }

  close(fresh: Remembered): void {
    if (fresh.digests.length > 0) this.#queue.push(fresh)
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
    for (const digest of digests) this.#digests.delete(digest)
  }

  #keepOn(living: Remembered, now: number): void {
    living.at = now
    this.#queue.push(living)
  }
}

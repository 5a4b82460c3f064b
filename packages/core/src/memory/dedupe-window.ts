import { parseMessageId } from '../spec/index.js'
import { Fifo } from './fifo.js'

interface Remembered {
  readonly digests: readonly string[]
  readonly parcel: string
  readonly at: number
}

/**
 * Digests of accepted messages and the ids they map to. One lasts at least `windowMs`, longer while its parcel lives,
 * and is dropped within another window. Beyond `limit` the oldest go first, and `overflowed` is called.
 */
export class DedupeWindow {
  readonly #ids = new Map<string, string>()
  readonly #queue = new Fifo<Remembered>()

  constructor(
    readonly windowMs: number,
    readonly limit: number,
    readonly lives: (parcel: string) => boolean,
    readonly overflowed: () => void,
  ) {}

  get size(): number {
    return this.#ids.size
  }

  find(digest: string): string | undefined {
    return this.#ids.get(digest)
  }

  add(digest: string, id: string): void {
    this.#ids.set(digest, id)
  }

  /** Lets the digests of a parcel, added before, expire together. */
  remember(digests: readonly string[], parcel: string, now: number): void {
    if (digests.length > 0) this.#queue.push({ digests, parcel, at: now })
  }

  /** Drops what is past its window, until it has looked at `most` digests. True where nothing is left to drop. */
  prune(now: number, most: number): boolean {
    for (let looked = 0; looked < most; ) {
      const oldest = this.#queue.peek()
      if (oldest === undefined) return true
      const full = this.#ids.size > this.limit
      if (!full && oldest.at + this.windowMs > now) return true
      this.#queue.shift()
      looked += oldest.digests.length
      if (full) this.overflowed()
      if (!full && this.lives(oldest.parcel)) this.#queue.push({ ...oldest, at: now })
      else this.#drop(oldest)
    }
    return false
  }

  #drop({ digests, parcel }: Remembered): void {
    for (const digest of digests) {
      const id = this.#ids.get(digest)
      if (id !== undefined && parseMessageId(id)?.parcel === parcel) this.#ids.delete(digest)
    }
  }
}

/** Hashes are whole numbers below this. */
export const hashRange: number = 2 ** 48

const bucketWidth = 2 ** 32

/**
 * The `most` smallest of the different hashes that were added, some 16 bytes each. It finds the limit that exactly so
 * many are below; however many are added, one takes no longer than another.
 */
export class SmallestHashes {
  readonly #most: number
  /** By the first 16 bits. */
  readonly #buckets: (number[] | undefined)[] = []
  #size = 0

  constructor(most: number) {
    this.#most = most
  }

  add(hash: number): void {
    const number = Math.floor(hash / bucketWidth)
    if (number > this.#highest) return
    const bucket = (this.#buckets[number] ??= [])
    if (bucket.includes(hash)) return
    bucket.push(hash)
    this.#size += 1
    this.#shrink()
  }

  /** What those hashes are below; all hashes are where no more were added. */
  get limit(): number {
    const last = this.#buckets.at(-1)
    if (last === undefined || this.#size < this.#most) return hashRange
    const highest = last.toSorted((a, b) => a - b)[last.length - 1 - (this.#size - this.#most)]
    return highest === undefined ? hashRange : highest + 1
  }

  /** Hashes of higher buckets are none of the smallest. */
  get #highest(): number {
    return this.#size < this.#most ? Infinity : this.#buckets.length - 1
  }

  #shrink(): void {
    for (;;) {
      const last = this.#buckets.at(-1)
      if (last !== undefined && this.#size - last.length < this.#most) return
      if (this.#buckets.length === 0) return
      this.#buckets.pop()
      this.#size -= last?.length ?? 0
    }
  }
}

/** What one part of the book, or one name of its index, has behind an id. */
export interface Stream {
  /** In the order of bytes. */
  readonly items: readonly Buffer[]
  /** How far it was read; undefined where it came to its end. */
  readonly upTo: Buffer | undefined
}

export interface Merged {
  readonly items: readonly Buffer[]
  /** Behind which it goes on; undefined at the end. */
  readonly next: Buffer | undefined
}

/**
 * Puts streams together in the order of bytes, each item once: as far as all of them were read, and at most so many. What
 * one of them has behind that is left for the next time.
 */
export function merge(streams: readonly Stream[], limit: number): Merged {
  const ends = streams.flatMap(({ upTo }) => upTo ?? []).toSorted(inBytes)
  const [end] = ends
  const sorted = streams.flatMap(({ items }) => items).toSorted(inBytes)
  const merged = sorted.filter(
    (item, index) => (end === undefined || Buffer.compare(item, end) <= 0) && sorted[index - 1]?.equals(item) !== true,
  )
  const items = merged.slice(0, limit)
  return { items, next: items.length < merged.length ? items.at(-1) : end }
}

function inBytes(a: Buffer, b: Buffer): number {
  return Buffer.compare(a, b)
}

/** How many are asked of each of so many parts, so that together they mostly have a page. */
export function shareOf(limit: number, parts: number): number {
  const share = Math.ceil(limit / parts)
  return Math.min(limit, share + 2 * Math.ceil(Math.sqrt(share))) + 1
}

import { compareTexts } from '../spec/index.js'

/** So many ids are moved by an insertion at most. */
const mostInPart = 1_024

/** Ids in the order of their bytes, in parts, so that one of a million is inserted without moving the others. */
export class SortedIds {
  readonly #parts: string[][] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Adds an id that may be there already. */
  add(id: string): void {
    const at = this.#partOf(id)
    const part = this.#parts[at]
    if (part === undefined) {
      this.#parts.push([id])
      this.#size += 1
      return
    }
    const index = place(part, id)
    if (part[index] === id) return
    part.splice(index, 0, id)
    this.#size += 1
    if (part.length > mostInPart) this.#parts.splice(at + 1, 0, part.splice(mostInPart / 2))
  }

  delete(id: string): void {
    const at = this.#partOf(id)
    const part = this.#parts[at]
    const index = part === undefined ? 0 : place(part, id)
    if (part?.[index] !== id) return
    part.splice(index, 1)
    this.#size -= 1
    if (part.length === 0) this.#parts.splice(at, 1)
  }

  /** The ids behind another, which need not be there, in order; at most so many. */
  after(id: string, most: number): readonly string[] {
    const found: string[] = []
    for (let at = this.#partOf(id); found.length < most; at += 1) {
      const part = this.#parts[at]
      if (part === undefined) break
      const index = found.length > 0 ? 0 : place(part, id)
      const start = part[index] === id ? index + 1 : index
      found.push(...part.slice(start, start + most - found.length))
    }
    return found
  }

  /** The last part whose first id is not above this one, or the first. */
  #partOf(id: string): number {
    let [low, high] = [0, this.#parts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      const first = this.#parts[middle]?.[0]
      if (first !== undefined && compareTexts(first, id) <= 0) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** Where an id stands, or would stand, in a part. */
function place(part: readonly string[], id: string): number {
  let [low, high] = [0, part.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = part[middle]
    if (other !== undefined && compareTexts(other, id) < 0) low = middle + 1
    else high = middle
  }
  return low
}

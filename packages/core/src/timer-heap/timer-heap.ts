import { ReachError } from '../spec/errors.js'

/** A value and when it is due, on the caller's clock (milliseconds since the epoch in Reachkit). */
export interface TimerEntry<T> {
  readonly due: number
  readonly value: T
}

/** An entry with its place: `order` breaks ties, `index` follows it through the heap and is -1 once it has left. */
interface Placed<T> extends TimerEntry<T> {
  readonly order: number
  index: number
}

/**
 * Values by due time, the earliest first; values of one due time leave in the order they came. A binary heap in memory:
 * adding, removing and each popped value cost O(log n), `peek` O(1), and what is removed is freed at once. It reads no
 * clock and sets no timer.
 */
export class TimerHeap<T> {
  readonly #entries: Placed<T>[] = []
  #pushed = 0

  /** How many values wait. */
  get size(): number {
    return this.#entries.length
  }

  /**
   * Adds a value; the answer takes it out again, and says false where it has left already. `due` may be past; Infinity
   * is never due.
   * @throws ReachError `REACH_OPTION_INVALID` where `due` is NaN: it would spoil the order of the others.
   */
  push(due: number, value: T): () => boolean {
    if (Number.isNaN(due)) throw new ReachError('REACH_OPTION_INVALID', 'due must be a number, not NaN.')
    const entry = { due, value, order: this.#pushed++, index: this.#entries.length }
    this.#entries.push(entry)
    this.#rise(entry)
    return () => this.#take(entry)
  }

  /** The earliest entry, which stays; undefined when empty. */
  peek(): TimerEntry<T> | undefined {
    return this.#entries[0]
  }

  /** Takes out the earliest value, whenever it is due; undefined when empty. */
  pop(): T | undefined {
    const first = this.#entries[0]
    if (first === undefined) return undefined
    this.#take(first)
    return first.value
  }

  /** Takes out what is due at `now` or before, the earliest first, at most `max` values. */
  popDue(now: number, max: number): T[] {
    const values: T[] = []
    while (values.length < max) {
      const first = this.#entries[0]
      if (first === undefined || first.due > now) break
      this.#take(first)
      values.push(first.value)
    }
    return values
  }

  /** Takes an entry out and lets the last one fill its place. */
  #take(entry: Placed<T>): boolean {
    if (entry.index < 0) return false
    const last = this.#entries.pop()
    if (last !== undefined && last !== entry) {
      this.#put(last, entry.index)
      this.#rise(last)
      this.#sink(last)
    }
    entry.index = -1
    return true
  }

  /** Moves later parents down until the entry's place is found. */
  #rise(entry: Placed<T>): void {
    let index = entry.index
    while (index > 0) {
      const parent = this.#entries[(index - 1) >> 1]
      if (parent === undefined || isBefore(parent, entry)) break
      const freed = parent.index
      this.#put(parent, index)
      index = freed
    }
    this.#put(entry, index)
  }

  /** Moves earlier children up until the entry's place is found. */
  #sink(entry: Placed<T>): void {
    let index = entry.index
    for (;;) {
      const left = this.#entries[2 * index + 1]
      const right = this.#entries[2 * index + 2]
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left
      if (child === undefined || isBefore(entry, child)) break
      const freed = child.index
      this.#put(child, index)
      index = freed
    }
    this.#put(entry, index)
  }

  #put(entry: Placed<T>, index: number): void {
    this.#entries[index] = entry
    entry.index = index
  }
}

function isBefore(one: Placed<unknown>, other: Placed<unknown>): boolean {
  return one.due < other.due || (one.due === other.due && one.order < other.order)
}

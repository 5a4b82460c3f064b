/** Sorts what is added, and keeps no more of it than `most` at one end. What is equal stays in the order in which it came. */
export class BoundedSort<T> {
  readonly #most: number
  readonly #end: 'first' | 'last'
  readonly #compare: (a: T, b: T) => number
  #kept: T[] = []

  constructor(end: 'first' | 'last', most: number, compare: (a: T, b: T) => number) {
    this.#end = end
    this.#most = most
    this.#compare = compare
  }

  add(item: T): void {
    // Room to spare, so that only some additions sort.
    if (this.#kept.length >= 2 * this.#most + 64) this.#kept = this.sorted()
    this.#kept.push(item)
  }

  sorted(): T[] {
    const all = this.#kept.toSorted(this.#compare)
    return this.#end === 'first' ? all.slice(0, this.#most) : all.slice(Math.max(0, all.length - this.#most))
  }
}

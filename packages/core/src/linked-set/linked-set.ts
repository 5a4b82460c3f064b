/** What a `LinkedSet` holds: it keeps its own place, hence is in one set at a time. */
export interface Linked {
  before: Linked | undefined
  after: Linked | undefined
}

/**
 * A set of objects that come and go all the time. Each knows its neighbours, so that adding and removing allocates
 * nothing; a `Set` makes a table anew whenever it runs empty, and its outgrown tables keep alive what they once held.
 */
export class LinkedSet<T extends Linked> {
  #first: Linked | undefined
  #last: Linked | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Adds one that is in no set, as the last. */
  add(member: T): void {
    member.before = this.#last
    if (this.#last === undefined) this.#first = member
    else this.#last.after = member
    this.#last = member
    this.#size += 1
  }

  /** Removes one that is in this set; one that is in none is passed over. */
  delete(member: T): void {
    const { before, after } = member
    if (before === undefined && this.#first !== member) return
    if (before === undefined) this.#first = after
    else before.after = after
    if (after === undefined) this.#last = before
    else after.before = before
    member.before = undefined
    member.after = undefined
    this.#size -= 1
  }

  clear(): void {
    for (const member of this) this.delete(member)
  }

  /** In the order of adding. The one at hand may be removed meanwhile. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let member = this.#first; member !== undefined; ) {
      const { after } = member
      yield member as T
      member = after
    }
  }
}

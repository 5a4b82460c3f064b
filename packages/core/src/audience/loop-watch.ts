/**
 * Notices pages that lead in a circle and have nobody: a source may have many empty pages, but each leads on. By the way of
 * Brent: a cursor is kept while twice as many pages go by as did for the one before, so that any circle is found.
 */
export class LoopWatch {
  #kept: string | undefined
  #expected: string | undefined
  #steps = 0
  #span = 1

  /** `found`: items and rejects of the page that was asked for with `cursor` and answered `next`. */
  isLoop(cursor: string, next: string | undefined, found: number): boolean {
    const goesOn = cursor === this.#expected
    this.#expected = next
    if (found > 0 || !goesOn) this.#begin(cursor)
    if (next === undefined || found > 0) return false
    if (next === this.#kept) return true
    this.#steps += 1
    if (this.#steps >= this.#span) [this.#kept, this.#steps, this.#span] = [next, 0, this.#span * 2]
    return false
  }

  #begin(cursor: string): void {
    ;[this.#kept, this.#steps, this.#span] = [cursor, 0, 1]
  }
}

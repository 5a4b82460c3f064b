/** Counts what comes to an end, and tells when an expected number is reached. */
export class Tally {
  #count = 0
  #target = Number.POSITIVE_INFINITY
  #reached: (() => void) | undefined

  get count(): number {
    return this.#count
  }

  add(count = 1): void {
    this.#count += count
    if (this.#count >= this.#target) this.#reached?.()
  }

  /** Resolves when it stands at `count`, from 0 since the last `reset`. */
  reaches(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#target = count
      this.#reached = resolve
      if (this.#count >= count) resolve()
    })
  }

  reset(): void {
    this.#count = 0
    this.#target = Number.POSITIVE_INFINITY
    this.#reached = undefined
  }
}

interface Entry<Value> {
  readonly value: Value
  readonly until: number
}

/** Values for a short while, at most so many: the oldest goes first. */
export class ShortCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #keepMs: number
  readonly #most: number
  readonly #now: () => number

  /** `keepMs`: 0 keeps nothing. */
  constructor(keepMs: number, most: number, now: () => number = () => performance.now()) {
    this.#keepMs = keepMs
    this.#most = most
    this.#now = now
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && entry.until > this.#now() ? entry.value : undefined
  }

  set(key: string, value: Value): void {
    if (this.#keepMs === 0) return
    const now = this.#now()
    // Behind all others: a Map keeps the order of insertion, and so here the order in which they end.
    this.#entries.delete(key)
    this.#entries.set(key, { value, until: now + this.#keepMs })
    for (const [oldest, { until }] of this.#entries) {
      if (until > now && this.#entries.size <= this.#most) return
      this.#entries.delete(oldest)
    }
  }
}

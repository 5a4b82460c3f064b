/** Values that are gone some time after they were set. */
export class ExpiringMap<T> {
  readonly #items = new Map<string, { value: T; until: number }>()

  get(key: string, now: number): T | undefined {
    const item = this.#items.get(key)
    if (item === undefined || item.until > now) return item?.value
    this.#items.delete(key)
    return undefined
  }

  set(key: string, value: T, until: number): void {
    this.#items.set(key, { value, until })
  }

  /** Puts another value under a key that is there; its end stays. */
  replace(key: string, value: T): void {
    const item = this.#items.get(key)
    if (item !== undefined) item.value = value
  }

  delete(key: string): void {
    this.#items.delete(key)
  }

  prune(now: number): void {
    for (const [key, item] of this.#items) if (item.until <= now) this.#items.delete(key)
  }
}

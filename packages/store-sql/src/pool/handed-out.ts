/** What this process handed out lately and was not given back: not handed out again until its time is over. Monotonic time. */
export class HandedOut {
  readonly #until = new Map<string, number>()

  constructor(readonly leaseMs: number) {}

  has(id: string, now: number): boolean {
    const until = this.#until.get(id)
    if (until === undefined) return false
    if (until > now) return true
    this.#until.delete(id)
    return false
  }

  add(id: string, now: number): void {
    this.#until.delete(id)
    this.#until.set(id, now + this.leaseMs)
  }

  renew(id: string, now: number): void {
    if (this.#until.has(id)) this.add(id, now)
  }

  delete(id: string): void {
    this.#until.delete(id)
  }

  /** Forgets those whose time is over: they are in the order in which it ends. */
  expire(now: number): void {
    for (const [id, until] of this.#until) {
      if (until > now) return
      this.#until.delete(id)
    }
  }
}

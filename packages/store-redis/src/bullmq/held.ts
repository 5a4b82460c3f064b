import type { Clock } from '@reachkit/core/spec'

/** The locks that this process has. */
export class Held {
  readonly #clock: Clock
  readonly #lockMs: number
  /** Until when, in that order. */
  readonly #until = new Map<string, number>()

  constructor(clock: Clock, lockMs: number) {
    this.#clock = clock
    this.#lockMs = lockMs
  }

  hold(id: string): void {
    this.#until.delete(id)
    this.#until.set(id, this.#clock.monotonic() + this.#lockMs)
  }

  /** Whether it was held; it is no longer. */
  release(id: string): boolean {
    return this.#until.delete(id)
  }

  /** Whether it is held, and then from now on. */
  renew(id: string): boolean {
    if (!this.#until.has(id)) return false
    this.hold(id)
    return true
  }

  /** What was neither acked nor renewed for long: its work failed. */
  forgetOld(): void {
    const now = this.#clock.monotonic()
    for (const [id, until] of this.#until) {
      if (until + 10 * this.#lockMs > now) break
      this.#until.delete(id)
    }
  }
}

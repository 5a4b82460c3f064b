import type { Clock } from '@reachkit/core/spec'

/** The locks that this process has. */
export class Held {
  readonly #clock: Clock
  readonly #lockMs: number
  readonly #tokens = new Map<string, { token: string; until: number }>()

  constructor(clock: Clock, lockMs: number) {
    this.#clock = clock
    this.#lockMs = lockMs
  }

  hold(id: string, token: string): void {
    // In the order of their end.
    this.#tokens.delete(id)
    this.#tokens.set(id, { token, until: this.#clock.monotonic() + this.#lockMs })
  }

  /** The token of an id, which is no longer held. */
  release(id: string): string | undefined {
    const token = this.#tokens.get(id)?.token
    this.#tokens.delete(id)
    return token
  }

  renewing(id: string): { readonly id: string; readonly token: string } | undefined {
    const token = this.#tokens.get(id)?.token
    if (token === undefined) return undefined
    this.hold(id, token)
    return { id, token }
  }

  /** What was neither acked nor renewed for long: its work failed. */
  forgetOld(): void {
    const now = this.#clock.monotonic()
    for (const [id, { until }] of this.#tokens) {
      if (until + 10 * this.#lockMs > now) break
      this.#tokens.delete(id)
    }
  }
}

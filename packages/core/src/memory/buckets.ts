import type { BucketAnswer, BucketTake } from '../spec/index.js'

/** GCRA buckets: one number each, the theoretical arrival time of the next token. */
export class Buckets {
  readonly #arrivals = new Map<string, number>()

  take({ key, tokens, perMs, burst, cost, maxWaitMs, keep = 0 }: BucketTake, now: number): BucketAnswer {
    const emission = perMs / tokens
    const tolerance = emission * Math.max(0, burst - keep)
    const arrival = Math.max(this.#arrivals.get(key) ?? now, now)
    const next = arrival + emission * cost
    const at = Math.max(now, Math.ceil(next - tolerance))
    if (at - now > maxWaitMs) return { granted: false, at, reserved: false }
    this.#arrivals.set(key, next)
    return { granted: at <= now, at, reserved: at > now }
  }

  /** Forgets buckets that are full again. */
  prune(now: number): void {
    for (const [key, arrival] of this.#arrivals) if (arrival <= now) this.#arrivals.delete(key)
  }
}

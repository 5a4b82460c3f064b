import type { Clock, Ledger } from '@reachkit/core/spec'

const readAgainMs = 30_000

/** The store's clock without a round trip: read now and then, and run on by elapsed time in between. */
export class StoreTime {
  readonly #clock: Clock
  readonly #ledger: Pick<Ledger, 'now'>
  #offset: number
  #readAt: number

  private constructor(clock: Clock, ledger: Pick<Ledger, 'now'>, now: number) {
    this.#clock = clock
    this.#ledger = ledger
    this.#readAt = clock.monotonic()
    this.#offset = now - this.#readAt
  }

  static async read(clock: Clock, ledger: Pick<Ledger, 'now'>): Promise<StoreTime> {
    const asked = clock.monotonic()
    const now = await ledger.now()
    // The answer is older than its arrival: what runs late is never early.
    return new StoreTime(clock, ledger, now - (clock.monotonic() - asked))
  }

  /** Whole milliseconds since the epoch. */
  now(): number {
    const elapsed = this.#clock.monotonic()
    if (elapsed - this.#readAt > readAgainMs) void this.#readAgain(elapsed)
    return Math.floor(elapsed + this.#offset)
  }

  /** The last reading stays good for as long as the store is away. */
  async #readAgain(asked: number): Promise<void> {
    this.#readAt = asked
    const now = await this.#ledger.now().catch(() => undefined)
    if (now !== undefined) this.#offset = now - this.#clock.monotonic()
  }
}

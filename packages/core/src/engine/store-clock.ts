import type { Clock, Ledger } from '../spec/index.js'

/** The store's clock as this process knows it. In memory it is the process' own; else it runs on by elapsed time. */
export class StoreClock {
  readonly #clock: Clock
  readonly #ledger: Ledger
  #offset: number | undefined

  private constructor(clock: Clock, ledger: Ledger) {
    this.#clock = clock
    this.#ledger = ledger
  }

  static async read(clock: Clock, ledger: Ledger): Promise<StoreClock> {
    const storeClock = new StoreClock(clock, ledger)
    await storeClock.refresh()
    return storeClock
  }

  /** In whole milliseconds, as stores keep instants; elapsed time has fractions of them. */
  now(): number {
    return this.#offset === undefined ? this.#clock.now() : Math.floor(this.#clock.monotonic() + this.#offset)
  }

  /** Asks the store; the answer is as old as half of the time it took. */
  async refresh(): Promise<void> {
    if (!this.#ledger.capabilities.durable) return
    const asked = this.#clock.monotonic()
    const now = await this.#ledger.now()
    this.#offset = now - (asked + this.#clock.monotonic()) / 2
  }
}

import type { Clock, Envelope, Ledger, Logger } from '../spec/index.js'

const everyMs = 1_000
const pageSize = 1_000

export interface SweeperOptions {
  readonly clock: Clock
  readonly ledger: Ledger
  readonly logger: Logger
  readonly push: (envelopes: readonly Envelope[]) => void
}

/** Finds what the pool lost: once a second, what is due and in nobody's hands is pushed again. */
export class Sweeper {
  readonly #options: SweeperOptions
  #cancel: (() => void) | undefined
  #stopped = false

  constructor(options: SweeperOptions) {
    this.#options = options
  }

  start(): void {
    this.#schedule()
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }

  #schedule(): void {
    if (!this.#stopped) this.#cancel = this.#options.clock.setTimer(everyMs, () => void this.#sweep())
  }

  async #sweep(): Promise<void> {
    const { ledger, logger, push } = this.#options
    try {
      for (let more = true; more && !this.#stopped; ) {
        const page = await ledger.sweep(pageSize)
        if (page.envelopes.length > 0) push(page.envelopes)
        more = page.more
        if (more) await new Promise((resolve) => setImmediate(resolve))
      }
    } catch (error) {
      logger.error({ error: (error as Error).name }, 'the sweep failed; the next one is in a second')
    }
    this.#schedule()
  }
}

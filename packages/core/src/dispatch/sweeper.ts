import { errorName } from '../io/error-name.js'
import type { Clock, Envelope, Ledger, Logger } from '../spec/index.js'

const quickestMs = 1_000
const pageSize = 1_000

export interface SweeperOptions {
  readonly clock: Clock
  readonly ledger: Pick<Ledger, 'sweep'>
  readonly logger: Logger
  readonly push: (envelopes: readonly Envelope[]) => void
  /** The longest time between two sweeps, where sweeps find nothing. */
  readonly slowestMs: number
}

/**
 * Finds what the pool lost: what is due and in nobody's hands is pushed again. Once a second while that happens, and
 * less and less often while it does not.
 */
export class Sweeper {
  readonly #options: SweeperOptions
  #cancel: (() => void) | undefined
  #sweeping: Promise<void> = Promise.resolve()
  #stopped = false
  #everyMs = quickestMs

  constructor(options: SweeperOptions) {
    this.#options = options
  }

  start(): void {
    this.#schedule()
  }

  /** Resolves when a sweep that is under way has ended: the ledger may be closed then. */
  stop(): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    return this.#sweeping
  }

  #schedule(): void {
    if (this.#stopped) return
    this.#cancel = this.#options.clock.setTimer(this.#everyMs, () => {
      this.#sweeping = this.#sweep()
    })
  }

  async #sweep(): Promise<void> {
    const { ledger, logger, push, slowestMs } = this.#options
    let found = 0
    try {
      for (let more = true; more && !this.#stopped; ) {
        const page = await ledger.sweep(pageSize)
        if (page.envelopes.length > 0) push(page.envelopes)
        found += page.envelopes.length
        more = page.more
        if (more) await new Promise((resolve) => setImmediate(resolve))
      }
    } catch (error) {
      logger.error({ error: errorName(error) }, 'the sweep failed; it is repeated')
    }
    this.#everyMs = found > 0 ? quickestMs : Math.min(this.#everyMs * 2, slowestMs)
    this.#schedule()
  }
}

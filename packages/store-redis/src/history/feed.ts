import type { Clock, Logger } from '@reachkit/core/spec'
import { bytes, list, text, whole } from '../client/replies.js'
import { codeOf } from '../client/redis-error.js'
import type { LedgerContext } from '../ledger/context.js'
import type { Shard } from '../ledger/shards.js'
import { feedScript, readFeedScript } from '../scripts/history.js'
import { IndexBatch } from './index-batch.js'
import { Periods } from './periods.js'

/** History is told within a second, and the more of it at once, the less each costs. */
const delayMs = 400
/** What one call takes, so that it keeps neither the server nor this process for long. */
const linesAtOnce = 256
const bytesAtOnce = 12_000

/**
 * Notes messages at their recipients, and what providers call them, beside the hot path: accept and settle put a line
 * into a queue in the same step, and any process takes them from there. Lines are taken and noted in one step.
 */
export class Feed {
  readonly #periods: Periods
  #scheduled: (() => void) | undefined
  #running: Promise<void> | undefined
  #again = false
  #closed = false

  constructor(
    readonly context: Omit<LedgerContext, 'fed'>,
    readonly clock: Clock,
    readonly logger: Logger,
  ) {
    this.#periods = new Periods(context.settings.historyMs)
  }

  /** There is something to take in, soon. */
  poke(): void {
    if (this.#closed || this.context.settings.historyMs === 0) return
    if (this.#running !== undefined) {
      this.#again = true
      return
    }
    this.#scheduled ??= this.clock.setTimer(delayMs, () => {
      this.#scheduled = undefined
      void this.run()
    })
  }

  /** Takes in all that is there. Never rejects: what failed stays in the queue, for the next time. */
  run(): Promise<void> {
    this.#running ??= this.#runAll().finally(() => {
      this.#running = undefined
      if (!this.#again) return
      this.#again = false
      this.poke()
    })
    return this.#running
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#scheduled?.()
    await this.#running
  }

  async #runAll(): Promise<void> {
    try {
      for (const shard of await this.context.shards.all()) {
        while (!this.#closed && (await this.#runSome(shard))) {
          // Until nothing is left under this tag.
        }
      }
    } catch (error) {
      this.logger.warn({ code: codeOf(error) }, 'history is told later: the store could not be reached')
    }
  }

  /** True where there is more than is taken at once. */
  async #runSome({ keys }: Shard): Promise<boolean> {
    const { scripts } = this.context
    const names = [keys.historyQueue, keys.historyTaken]
    const [taken, found, more] = list(await scripts.run(readFeedScript, names, [linesAtOnce, bytesAtOnce]))
    const lines = list(found).map(bytes)
    if (lines.length === 0) return false
    const batch = new IndexBatch(keys, this.#periods)
    for (const [index, line] of lines.entries()) batch.add(line, whole(taken) + index)
    const call = batch.call()
    await scripts.run(feedScript, [...names, ...call.keys], [text(taken), lines.length, ...call.args])
    return more === 1
  }
}

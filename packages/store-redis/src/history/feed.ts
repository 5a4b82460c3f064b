import type { Clock, Logger } from '@reachkit/core/spec'
import { messageId } from '@reachkit/core/spec'
import { list, text } from '../client/replies.js'
import { codeOf } from '../client/redis-error.js'
import { storeTime } from '../client/store-time.js'
import { Turns } from '../ledger/batches.js'
import type { LedgerContext } from '../ledger/context.js'
import { readParcels } from '../ledger/read.js'
import type { Shard } from '../ledger/shards.js'
import { recordOf } from '../parcel/record.js'
import { decodePositions } from '../parcel/runs.js'
import { feedProvidersScript, feedRecipientsScript } from '../scripts/history.js'
import { Periods, indexPlace } from './periods.js'

const itemsAtOnce = 16
const delayMs = 50

/**
 * Notes messages at their recipients, and what providers call them, beside the hot path: accept and settle put a line
 * into a queue in the same step, and any process takes it from there. A line is taken and noted in one step.
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

  async #runSome(shard: Shard): Promise<boolean> {
    const { scripts } = this.context
    const items = list(await scripts.command('lrange', shard.keys.historyQueue, 0, itemsAtOnce - 1)).map(text)
    if (items.length === 0) return false
    const accepted = items.filter((item) => item.startsWith('a')).map((item) => item.slice(1))
    const parcels = await readParcels({ ...this.context, fed: () => {} }, accepted)
    const turns = new Turns()
    for (const item of items) {
      if (this.#closed) return false
      await turns.pass()
      if (item.startsWith('a')) await this.#feedRecipients(shard, item, parcels.get(item.slice(1)))
      else await this.#feedProviders(shard, item)
    }
    return true
  }

  async #feedRecipients(
    { keys }: Shard,
    item: string,
    parcel: Parameters<typeof recordOf>[0] | undefined,
  ): Promise<void> {
    const { scripts } = this.context
    if (parcel === undefined) {
      await scripts.command('lrem', keys.historyQueue, 1, item)
      return
    }
    const period = this.#periods.of(parcel.marks.acceptedAt)
    const names = [keys.historyQueue, keys.historyCount(period), keys.historyParcels(period)]
    const args: (string | Buffer | number)[] = [item, parcel.id, this.#periods.endOf(period)]
    for (const [position, { recipient }] of parcel.body.messages.entries()) {
      if (recordOf(parcel, position) === undefined) continue
      const { hash, field } = indexPlace(parcel.marks.tenant, recipient)
      names.push(keys.historyRecipients(period, hash))
      args.push(field, position)
    }
    await scripts.run(feedRecipientsScript, names, args)
  }

  async #feedProviders({ keys }: Shard, item: string): Promise<void> {
    const { scripts } = this.context
    const [, parcel = '', leftText = '', json = '[]'] = /^p([^|]*)\|([^|]*)\|(.*)$/s.exec(item) ?? []
    const left = decodePositions(leftText)
    const period = this.#periods.of(await storeTime(scripts))
    const names = [keys.historyQueue]
    const args: (string | Buffer | number)[] = [item, this.#periods.endOf(period)]
    for (const [position, provider, providerId] of JSON.parse(json) as [number, string, string][]) {
      if (left.has(position)) continue
      const { hash, field } = indexPlace(providerId)
      names.push(keys.historyProviders(period, hash))
      args.push(field, `${messageId(parcel, position)} ${provider}`)
    }
    await scripts.run(feedProvidersScript, names, args)
  }
}

import type { HistoryRow } from '@reachkit/core/spec'
import { ReachError } from '@reachkit/core/spec'
import { fewAtOnce } from '../client/few-at-once.js'
import { bytes, list, optionalText } from '../client/replies.js'
import { storeTime } from '../client/store-time.js'
import { Turns, batches, grouped } from '../ledger/batches.js'
import type { LedgerContext } from '../ledger/context.js'
import type { Shard } from '../ledger/shards.js'
import { searchPartsScript } from '../scripts/history.js'
import { fingerprint, partOf, recipientBytes } from './fingerprint.js'
import { readPlaces, recipientRecord } from './index-batch.js'
import type { Periods } from './periods.js'
import { readTold } from './read.js'

/** Parcels that are read at a time, and for one question at most: a million messages. */
const [parcelsAtOnce, mostParcels] = [16, 2_000]

export interface ReceivedFilter {
  readonly tenant: string
  readonly type?: string
  readonly since: number
}

type Positions = ReadonlyMap<string, ReadonlySet<number>>

/**
 * How many messages recipients were sent. The index tells where the messages of all of them are; each parcel is read once,
 * for who had it, its type and its outcome stand there. Recipients who are asked for together were mostly sent together, so
 * that few parcels have what is asked.
 */
export class Received {
  constructor(
    readonly context: LedgerContext,
    readonly periods: Periods,
  ) {}

  async counts(filter: ReceivedFilter, recipients: readonly string[]): Promise<readonly number[]> {
    const counts = new Map(recipients.map((recipient) => [recipient, 0]))
    const places = await this.#placesOf(filter, [...counts.keys()])
    if (places.size > mostParcels) {
      const why = 'too many messages went to these recipients to count them: ask for a shorter time, or for fewer'
      throw new ReachError('REACH_QUERY_UNSUPPORTED', why)
    }
    const turns = new Turns()
    const parcels = [...places]
    for (let at = 0; at < parcels.length; at += parcelsAtOnce) {
      const some = parcels.slice(at, at + parcelsAtOnce)
      const told = await readTold(
        this.context,
        some.map(([id]) => id),
      )
      for (const [id, positions] of some) {
        for (const position of positions) {
          await turns.pass()
          const row = told.get(id)?.history.row(position)
          const count = row && counts.get(row.recipient)
          if (row !== undefined && count !== undefined && counted(row, filter)) counts.set(row.recipient, count + 1)
        }
      }
    }
    return recipients.map((recipient) => counts.get(recipient) ?? 0)
  }

  /** The messages of these recipients, and a few of others that have the same fingerprint, by their parcels. */
  async #placesOf({ tenant, since }: ReceivedFilter, recipients: readonly string[]): Promise<Positions> {
    const { settings, scripts, shards } = this.context
    const shard = shards.of(tenant)
    const now = await storeTime(scripts)
    const periods = this.periods.between(Math.min(now, Math.max(since, now - settings.historyMs)), now)
    const prints = recipients.map((recipient) => {
      const print = Buffer.alloc(1 + recipientBytes)
      fingerprint(`${tenant}\n${recipient}`, print, 0, print.length)
      return print
    })
    const found = new Map<string, Set<number>>()
    for (const period of periods) {
      for (const [parcel, position] of await this.#placesIn(shard, period, prints)) {
        const positions = found.get(parcel) ?? new Set()
        found.set(parcel, positions.add(position))
      }
    }
    return found
  }

  async #placesIn(
    { keys }: Shard,
    period: number,
    prints: readonly Buffer[],
  ): Promise<readonly (readonly [parcel: string, position: number])[]> {
    const { scripts } = this.context
    const parts = [...grouped(prints, (print) => partOf(print[0]))]
    const found: Buffer[] = []
    while (found.length < parts.length) {
      const left = parts.slice(found.length)
      const names = left.map(([part]) => keys.historyRecipients(period, part))
      const args = left.flatMap(([, own]) => [own.length, ...own.map((print) => print.subarray(1))])
      found.push(...list(await scripts.run(searchPartsScript, names, [recipientRecord, ...args])).map(bytes))
    }
    const byNumber = [...grouped(readPlaces(Buffer.concat(found)), ({ number }) => number)]
    const answers = await fewAtOnce(
      batches(byNumber, () => 1),
      async (batch) => {
        const numbers = batch.map(([number]) => number)
        const parcels = list(await scripts.command('hmget', keys.historyParcels(period), ...numbers)).map(optionalText)
        return batch.flatMap(([, places], index) => {
          const parcel = parcels[index]
          return parcel === undefined ? [] : places.map(({ position }) => [parcel, position] as const)
        })
      },
    )
    return answers.flat()
  }
}

function counted(row: HistoryRow, { tenant, type, since }: ReceivedFilter): boolean {
  const isSent = row.outcome === 'sent' || row.outcome === 'partly-sent'
  return isSent && row.tenant === tenant && row.acceptedAt >= since && (type === undefined || row.type === type)
}

import type { Accepted, SettledMessage } from '@reachkit/core'
import type { ShopReach } from '../shop/reach.js'
import { startProgress } from './progress.js'
import { readRecipients, type CsvRecipient } from './read-recipients.js'

/** A line of the file, and why nobody gets a mail because of it. */
export interface RefusedLine {
  readonly line: number
  readonly reason: string
}

export interface Campaign {
  readonly sent: number
  readonly refused: readonly RefusedLine[]
  /** From the first line read to the last mail settled. */
  readonly durationMs: number
}

interface TakenLine {
  readonly line: number
  readonly accepted: Accepted
}

const offers = [
  { title: 'Tulips', cents: 795 },
  { title: 'Salt & pepper', cents: 499 },
]

/** Mails everybody in the file once, and waits until each mail is settled. */
export async function runCampaign(reach: Pick<ShopReach, 'notify'>, file: URL, season: string): Promise<Campaign> {
  const start = performance.now()
  const refused: RefusedLine[] = []
  const taken: TakenLine[] = []
  const recipients = readRecipients(file, (line, reason) => refused.push({ line, reason }))
  for await (const batch of inBatches(recipients, 500)) {
    // Calls of one turn share one write to the store.
    taken.push(...(await Promise.all(batch.map((recipient) => invite(reach, recipient, season)))))
  }
  const fresh = taken.filter(({ accepted }) => !accepted.deduplicated)
  for (const { line } of taken.filter(({ accepted }) => accepted.deduplicated))
    refused.push({ line, reason: 'duplicate' })
  const stopped = (await settleAll(fresh)).filter(({ settled }) => settled.outcome !== 'sent')
  for (const { line, settled } of stopped) refused.push({ line, reason: reasonOf(settled) })
  return { sent: fresh.length - stopped.length, refused, durationMs: performance.now() - start }
}

async function invite(
  { notify }: Pick<ShopReach, 'notify'>,
  recipient: CsvRecipient,
  season: string,
): Promise<TakenLine> {
  const { line, email, name, city } = recipient
  const accepted = await notify('season.sale', { email }, { season, name, city, offers }, { group: season })
  return { line, accepted }
}

async function settleAll(
  lines: readonly TakenLine[],
): Promise<{ readonly line: number; readonly settled: SettledMessage }[]> {
  const progress = startProgress('season.sale', lines.length)
  const settled = await Promise.all(
    lines.map(async ({ line, accepted }) => {
      const message = await accepted.settled()
      progress.step()
      return { line, settled: message }
    }),
  )
  progress.end()
  return settled
}

function reasonOf({ state, outcome, reason }: SettledMessage): string {
  const detail = reason?.detail === undefined ? '' : ` (${reason.detail})`
  return `${reason?.code ?? outcome ?? state}${detail}`
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

import type { MessageRow } from '@reachkit/core'
import type { RefusedLine } from './campaign/run-campaign.js'
import type { ShopReach } from './shop/reach.js'

/** How many messages of each type ended how, by provider: `counts['order.paid: sent'].north`. */
export type Counts = Record<string, Record<string, number>>

/** Counts everything that was ever accepted, as history tells it. */
export async function countMessages(reach: ShopReach): Promise<Counts> {
  const counts: Counts = {}
  for await (const { id, type, outcome, state } of allMessages(reach)) {
    const row = (counts[`${type}: ${outcome ?? state}`] ??= {})
    const provider = await lastProvider(reach, id)
    row[provider] = (row[provider] ?? 0) + 1
  }
  return counts
}

async function* allMessages({ list }: ShopReach): AsyncGenerator<MessageRow> {
  let after: string | undefined
  do {
    const page = await list({}, { limit: 500, ...(after !== undefined && { after }) })
    yield* page.rows
    after = page.next
  } while (after !== undefined)
}

/** Who was asked last; nobody where it was stopped before. */
async function lastProvider({ timeline }: ShopReach, id: string): Promise<string> {
  const events = await timeline(id)
  return events.findLast(({ provider }) => provider !== undefined)?.provider ?? 'nobody'
}

/** The refused lines of a file, by reason. */
export function byReason(refused: readonly RefusedLine[]): Record<string, { count: number; lines: string }> {
  const reasons = [...new Set(refused.map(({ reason }) => reason))]
  return Object.fromEntries(
    reasons.map((reason) => {
      const lines = refused.filter((one) => one.reason === reason).map(({ line }) => line)
      return [reason, { count: lines.length, lines: lines.join(' ') }]
    }),
  )
}

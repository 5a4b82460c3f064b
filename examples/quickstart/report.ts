import { setTimeout as delay } from 'node:timers/promises'
import type { MessageRow } from '@reachkit/core'
import type { RefusedLine } from './campaign/run-campaign.js'
import type { ShopReach } from './shop/reach.js'

/** How many messages of each type ended how, by provider: `counts['order.paid: sent'].north`. */
export type Counts = Record<string, Record<string, number>>

/** Waits until history tells that nothing is left to be done: it follows what happens, mostly within a second. */
export async function caughtUp({ list }: ShopReach): Promise<void> {
  for (const state of ['waiting', 'sending'] as const) {
    while ((await list({ state }, { limit: 1 })).rows.length > 0) await delay(20)
  }
}

/** Counts everything that was ever accepted, as history tells it. */
export async function countMessages(reach: ShopReach): Promise<Counts> {
  const counts: Counts = {}
  for await (const rows of allMessages(reach)) {
    const providers = await lastProviders(reach, rows)
    for (const { id, type, outcome, state } of rows) {
      const row = (counts[`${type}: ${outcome ?? state}`] ??= {})
      const provider = providers.get(id) ?? 'nobody'
      row[provider] = (row[provider] ?? 0) + 1
    }
  }
  return counts
}

async function* allMessages({ list }: ShopReach): AsyncGenerator<readonly MessageRow[]> {
  let after: string | undefined
  do {
    const page = await list({}, { limit: 500, ...(after !== undefined && { after }) })
    yield page.rows
    after = page.next
  } while (after !== undefined)
}

/** Who was asked last for each; nobody where it was stopped before. */
async function lastProviders({ timeline }: ShopReach, rows: readonly MessageRow[]): Promise<Map<string, string>> {
  const events = await timeline(rows.map(({ id }) => id))
  return new Map(events.flatMap(({ id, provider }) => (provider === undefined ? [] : [[id, provider] as const])))
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

import type { OpenEngine } from '../engine/engine.js'
import type { DigestNote } from '../route/progress.js'
import type { MessageRecord } from '../spec/index.js'

const dayMs = 86_400_000
const pageSize = 500
const mostPages = 10

/**
 * What a message that is sent once more stands for: those that were merged into it. The ledger forgets what a message led
 * once that is done, so it is asked by way of history, which knows the messages of a recipient.
 */
export async function shownBy(
  { id, tenant, type, recipient, acceptedAt }: MessageRecord,
  { context, history, ledger }: Pick<OpenEngine, 'context' | 'history' | 'ledger'>,
): Promise<DigestNote | undefined> {
  const policy = context.definitions.get(type)?.digest
  if (policy === undefined) return undefined
  const reachMs = policy.windowMs + dayMs
  const filter = { tenant, recipient, from: acceptedAt - reachMs, to: acceptedAt + reachMs }
  const members: string[] = []
  let after: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const { rows, next } = await history.list(filter, { limit: pageSize, ...(after !== undefined && { after }) })
    const merged = rows.filter((row) => row.type === type && row.outcome === 'merged').map((row) => row.id)
    const records = merged.length === 0 ? [] : await ledger.get(merged)
    for (const record of records) if (record?.into === id) members.push(record.id)
    if (next === undefined) break
    after = next
  }
  return members.length === 0 ? undefined : { window: '', end: context.storeNow(), members }
}

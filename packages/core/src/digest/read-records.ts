import type { SliceHost } from '../dispatch/slice-host.js'
import type { MessageRecord } from '../spec/index.js'

export type Records = ReadonlyMap<string, MessageRecord>

const pageSize = 1_000

/** Messages by their id, as the ledger has them now. */
export async function readRecords({ context, turns, envelope }: SliceHost, ids: readonly string[]): Promise<Records> {
  const records = new Map<string, MessageRecord>()
  const distinct = [...new Set(ids)]
  for (let start = 0; start < distinct.length; start += pageSize) {
    for (const record of await context.ledger.get(distinct.slice(start, start + pageSize)))
      if (record !== undefined) records.set(record.id, record)
    if (turns.over) await turns.next(envelope.lane)
  }
  return records
}

import type { BucketAnswer, BucketTake } from '@reachkit/core/spec'
import type { Database } from '../database/dialect.js'
import { upsert } from '../database/upsert.js'
import { holdRows, type KeyedRow } from './keyed-rows.js'
import { fit, keyWidth } from './keys.js'

export async function take({ db, dialect }: Database, takes: readonly BucketTake[]): Promise<readonly BucketAnswer[]> {
  if (takes.length === 0) return []
  const keys = takes.map(({ key }) => fit(key, keyWidth))
  return dialect.transaction(db, async (trx) => {
    const { now, rows } = await holdRows(trx, dialect, 'reach_bucket', new Set(keys), { arrival: 0 })
    const changed = new Map<string, KeyedRow<'reach_bucket'>>()
    const answers = takes.map((wanted, index) => {
      const key = keys[index] ?? ''
      const { answer, arrival } = takeOne(wanted, (changed.get(key) ?? rows.get(key))?.arrival ?? 0, now)
      // A bucket is full again at its arrival time, and as good as not there.
      if (arrival !== undefined) changed.set(key, { key, arrival, expires_at: Math.ceil(arrival) })
      return answer
    })
    const set = ['arrival', 'expires_at'] as const
    await upsert(trx, dialect, { table: 'reach_bucket', key: ['key'], rows: [...changed.values()], set })
    return answers
  })
}

/** GCRA: `stored` is the theoretical arrival time of the next token; the new one, where something is taken. */
function takeOne(
  { tokens, perMs, burst, cost, maxWaitMs, keep = 0 }: BucketTake,
  stored: number,
  now: number,
): { readonly answer: BucketAnswer; readonly arrival: number | undefined } {
  const emission = perMs / tokens
  const tolerance = emission * Math.max(0, burst - keep)
  const arrival = Math.max(stored, now) + emission * cost
  const at = Math.max(now, Math.ceil(arrival - tolerance))
  if (at - now > maxWaitMs) return { answer: { granted: false, at, reserved: false }, arrival: undefined }
  return { answer: { granted: at <= now, at, reserved: at > now }, arrival }
}

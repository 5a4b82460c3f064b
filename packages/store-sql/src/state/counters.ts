import type { Addition } from '@reachkit/core/spec'
import type { Database } from '../database/dialect.js'
import { upsert } from '../database/upsert.js'
import { holdRows } from './keyed-rows.js'
import { fit, keyWidth } from './keys.js'

export async function count({ db, dialect }: Database, additions: readonly Addition[]): Promise<readonly number[]> {
  if (additions.length === 0) return []
  const keys = additions.map(({ key }) => fit(key, keyWidth))
  return dialect.transaction(db, async (trx) => {
    const { now, rows } = await holdRows(trx, dialect, 'reach_counter', new Set(keys), { value: 0 })
    const sums = additions.map(({ by, ttlMs }, index) => {
      const key = keys[index] ?? ''
      const { value, expires_at } = rows.get(key) ?? { value: 0, expires_at: now + Math.ceil(ttlMs) }
      rows.set(key, { key, value: value + by, expires_at })
      return value + by
    })
    const changed = [...rows.values()].map(({ key, value, expires_at }) => ({ key, value, expires_at }))
    await upsert(trx, dialect, { table: 'reach_counter', key: ['key'], rows: changed, set: ['value', 'expires_at'] })
    return sums
  })
}

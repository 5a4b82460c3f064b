import type { Remembered } from '@reachkit/core/spec'
import type { Database } from '../database/dialect.js'
import { chunked, upsert } from '../database/upsert.js'
import { holdRows, type KeyedRow } from './keyed-rows.js'
import { fit, fromStored, keyWidth, toStored } from './keys.js'

export interface Standing {
  readonly value: string
  readonly first: boolean
}

export async function remember(database: Database, entries: readonly Remembered[]): Promise<readonly Standing[]> {
  if (entries.length === 0) return []
  const keys = entries.map(({ key }) => fit(key, keyWidth))
  const known = await readKnown(database, keys)
  return known ?? rememberNew(database, entries, keys)
}

/** Most ask again for what is there: that needs no lock. Answers nothing where one is missing. */
async function readKnown({ db, dialect }: Database, keys: readonly string[]): Promise<readonly Standing[] | undefined> {
  const values = new Map<string, string>()
  for (const chunk of chunked([...new Set(keys)], dialect.mostValues)) {
    const rows = await db
      .selectFrom('reach_remembered')
      .select(['key', 'value'])
      .where('key', 'in', chunk)
      .where('expires_at', '>', dialect.now)
      .execute()
    for (const { key, value } of rows) values.set(key, fromStored(value))
  }
  const standing: Standing[] = []
  for (const key of keys) {
    const value = values.get(key)
    if (value === undefined) return undefined
    standing.push({ value, first: false })
  }
  return standing
}

function rememberNew(
  { db, dialect }: Database,
  entries: readonly Remembered[],
  keys: readonly string[],
): Promise<readonly Standing[]> {
  return dialect.transaction(db, async (trx) => {
    const { now, rows } = await holdRows(trx, dialect, 'reach_remembered', new Set(keys), { value: '' })
    const added: KeyedRow<'reach_remembered'>[] = []
    const standing = entries.map(({ value, ttlMs }, index) => {
      const key = keys[index] ?? ''
      const known = rows.get(key)
      if (known !== undefined) return { value: fromStored(known.value), first: false }
      const row = { key, value: toStored(value), expires_at: now + Math.ceil(ttlMs) }
      rows.set(key, row)
      added.push(row)
      return { value, first: true }
    })
    await upsert(trx, dialect, { table: 'reach_remembered', key: ['key'], rows: added, set: ['value', 'expires_at'] })
    return standing
  })
}

export async function forget({ db, dialect }: Database, keys: readonly string[]): Promise<void> {
  const fitted = keys.map((key) => fit(key, keyWidth)).toSorted()
  for (const chunk of chunked(fitted, dialect.mostValues)) {
    await dialect.retry(() => db.deleteFrom('reach_remembered').where('key', 'in', chunk).execute())
  }
}

import { ReachError, type StateDocument } from '@reachkit/core/spec'
import { sql, type Transaction } from 'kysely'
import type { Database, Dialect, Queries } from '../database/dialect.js'
import type { ReachTables } from '../database/tables.js'
import { chunked, upsert } from '../database/upsert.js'
import { fit, fromStored, keyWidth, toStored } from './keys.js'

const missing: StateDocument = { text: undefined, version: 0 }
const sequence = 'document'

export async function read({ db, dialect }: Database, keys: readonly string[]): Promise<readonly StateDocument[]> {
  const found = new Map<string, StateDocument>()
  for (const chunk of chunked([...new Set(keys)], dialect.mostValues)) {
    const rows = await db
      .selectFrom('reach_document')
      .select(['key', 'text', 'version'])
      .where('key', 'in', chunk)
      .execute()
    for (const { key, text, version } of rows) found.set(key, { text: fromStored(text), version })
  }
  return keys.map((key) => found.get(key) ?? missing)
}

export async function write(
  { db, dialect }: Database,
  key: string,
  text: string,
  expectedVersion: number,
): Promise<number | undefined> {
  // Whoever watches is told the key itself, so no digest can stand for it.
  if (fit(key, keyWidth) !== key) {
    const why = `the key of a document must have at most ${keyWidth} characters, and no space at its end`
    throw new ReachError('REACH_OPTION_INVALID', why)
  }
  // Most stale writes are seen without a lock.
  const [seen] = await read({ db, dialect }, [key])
  if (seen?.version !== expectedVersion) return undefined
  return dialect.transaction(db, async (trx) => {
    // All writers wait for each other here: so the numbers are in the order of the commits, and no watcher misses one.
    const changed = await nextChange(trx, dialect)
    const [stands] = await read({ db: trx, dialect }, [key])
    if (stands?.version !== expectedVersion) return undefined
    const row = { key, text: toStored(text), version: expectedVersion + 1, changed }
    const set = ['text', 'version', 'changed'] as const
    await upsert(trx, dialect, { table: 'reach_document', key: ['key'], rows: [row], set })
    return row.version
  })
}

async function nextChange(trx: Transaction<ReachTables>, dialect: Dialect): Promise<number> {
  const raised = { last: sql<number>`last + 1` }
  const { numUpdatedRows } = await trx
    .updateTable('reach_sequence')
    .set(raised)
    .where('name', '=', sequence)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) {
    const rows = [{ name: sequence, last: 0 }]
    await upsert(trx, dialect, { table: 'reach_sequence', key: ['name'], rows, set: [] })
    await trx.updateTable('reach_sequence').set(raised).where('name', '=', sequence).execute()
  }
  return lastChange(trx)
}

/** The number of the last change that was committed. */
export async function lastChange(db: Queries): Promise<number> {
  const row = await db.selectFrom('reach_sequence').select('last').where('name', '=', sequence).executeTakeFirst()
  return row?.last ?? 0
}

/** What changed after this number, in the order of the changes; the next ones follow where `limit` are answered. */
export async function changesAfter(
  { db }: Database,
  after: number,
  limit: number,
): Promise<readonly { readonly key: string; readonly changed: number }[]> {
  return db
    .selectFrom('reach_document')
    .select(['key', 'changed'])
    .where('changed', '>', after)
    .orderBy('changed')
    .limit(limit)
    .execute()
}

import type { Database } from '../database/dialect.js'

/** How long a line that has ended is kept, so that it is granted once however late it is asked again. */
const endedLineMs = 7 * 86_400_000

const keyed = ['reach_counter', 'reach_remembered', 'reach_bucket', 'reach_window'] as const

/**
 * Forgets what has expired: at most about `limit` rows of each kind, in statements of their own. Answers how many rows
 * went. Safe at any time, by any process.
 */
export async function pruneState(database: Database, limit: number): Promise<number> {
  let pruned = 0
  for (const table of keyed) pruned += await pruneKeyed(database, table, limit)
  return pruned + (await pruneLines(database, limit))
}

async function pruneKeyed({ db, dialect }: Database, table: (typeof keyed)[number], limit: number): Promise<number> {
  const expired = await db.selectFrom(table).select('key').where('expires_at', '<=', dialect.now).limit(limit).execute()
  const keys = [...new Set(expired.map(({ key }) => key))].toSorted()
  if (keys.length === 0) return 0
  // Asked again: one of them may have been written in between.
  const { numDeletedRows } = await dialect.retry(() =>
    db.deleteFrom(table).where('key', 'in', keys).where('expires_at', '<=', dialect.now).executeTakeFirstOrThrow(),
  )
  return Number(numDeletedRows)
}

async function pruneLines({ db, dialect }: Database, limit: number): Promise<number> {
  const ended = await db
    .selectFrom('reach_reservation')
    .select('reservation')
    .where('at', '<', (eb) => eb(dialect.now, '-', endedLineMs))
    .where('state', '!=', 'reserved')
    .limit(limit)
    .execute()
  const reservations = [...new Set(ended.map(({ reservation }) => reservation))].toSorted()
  if (reservations.length === 0) return 0
  const { numDeletedRows } = await dialect.retry(() =>
    db
      .deleteFrom('reach_reservation')
      .where('reservation', 'in', reservations)
      .where('at', '<', (eb) => eb(dialect.now, '-', endedLineMs))
      .where('state', '!=', 'reserved')
      .executeTakeFirstOrThrow(),
  )
  return Number(numDeletedRows)
}

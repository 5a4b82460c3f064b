import { parseMessageId } from '@reachkit/core/spec'
import type { MessageRecord, PendingEntry, PendingFilter } from '@reachkit/core/spec'
import { readableCargo } from './cargo.js'
import { readStandings } from './claim.js'
import { readBodies } from './core.js'
import type { LedgerContext } from './core.js'
import { parts } from './bulk.js'
import { laneNumber, laneOf } from './entries.js'

const parcelsAtOnce = 64

/** Records of messages, by parcels: one round trip for each table and each sixty-four parcels. */
export async function readRecords(
  context: LedgerContext,
  ids: readonly string[],
): Promise<readonly (MessageRecord | undefined)[]> {
  const places = ids.map((id) => parseMessageId(id))
  const parcels = [...new Set(places.flatMap((place) => place?.parcel ?? []))]
  const found = new Map<string, MessageRecord>()
  for (const some of parts(parcels, parcelsAtOnce)) {
    const wanted = new Set(some)
    const standings = await readStandings(context, some)
    const bodies = await readBodies(context, context.db, [...standings.keys()])
    for (const [index, place] of places.entries()) {
      if (place === undefined || !wanted.has(place.parcel)) continue
      const read = bodies.get(place.parcel)
      const record = read && standings.get(place.parcel)?.record(place.position, read)
      if (record !== undefined) found.set(ids[index] ?? '', record)
    }
  }
  return ids.map((id) => found.get(id))
}

/** What must still run, by due time. */
export async function readPending(
  { db, dialect, logger }: LedgerContext,
  { lane, tenant, dueBefore }: PendingFilter,
  limit: number,
): Promise<readonly PendingEntry[]> {
  let query = db
    .selectFrom('reach_entry')
    .select(['id', 'tenant', 'lane', 'due', 'weight', 'cargo', 'token', 'lease_until', 'takeovers'])
    .select(dialect.now.as('now'))
    .orderBy('due')
    .orderBy('id')
    .limit(limit)
  if (lane !== undefined) query = query.where('lane', '=', laneNumber(lane))
  if (tenant !== undefined) query = query.where('tenant', '=', tenant)
  if (dueBefore !== undefined) query = query.where('due', '<', dueBefore)
  const rows = await query.execute()
  return rows.flatMap(({ lane: number, cargo: stored, token, lease_until: until, now, ...row }) => {
    const cargo = readableCargo(stored)
    if (cargo !== undefined) return [{ ...row, lane: laneOf(number), cargo, leased: token !== null && until > now }]
    logger.error({ entry: row.id }, 'an entry of the store cannot be read; it is passed over')
    return []
  })
}

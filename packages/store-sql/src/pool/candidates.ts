import type { Envelope, Lane, PoolDepth } from '@reachkit/core/spec'
import { sql } from 'kysely'
import type { Database } from '../database/dialect.js'
import { readableCargo } from '../ledger/cargo.js'
import { laneNumber, laneOf } from '../ledger/entries.js'

/** A tenant that has entries in a lane: whether one is due and free, and when the next one that is not due yet will be. */
export interface Pair {
  readonly lane: Lane
  readonly tenant: string
  readonly hasDue: boolean
  readonly nextDue: number | undefined
}

interface PairRow {
  readonly lane: number | null
  readonly tenant: string | null
  readonly next_due: number | null
  readonly has_due: number | null
  readonly now: number
}

/**
 * Tenants that have entries, lane by lane: a seek of the index each, however long the backlog is. Answers the time of the
 * store's clock too.
 */
export async function readPairs({ db, dialect }: Database): Promise<{ pairs: readonly Pair[]; now: number }> {
  const { rows } = await sql<PairRow>`
    with recursive pair (lane, tenant) as (
      select
        (select e.lane from reach_entry e order by e.lane, e.tenant limit 1),
        (select e.tenant from reach_entry e order by e.lane, e.tenant limit 1)
      union all
      select
        coalesce(
          (select e.lane from reach_entry e where e.lane = pair.lane and e.tenant > pair.tenant
            order by e.lane, e.tenant limit 1),
          (select e.lane from reach_entry e where e.lane > pair.lane order by e.lane, e.tenant limit 1)),
        coalesce(
          (select e.tenant from reach_entry e where e.lane = pair.lane and e.tenant > pair.tenant
            order by e.lane, e.tenant limit 1),
          (select e.tenant from reach_entry e where e.lane > pair.lane order by e.lane, e.tenant limit 1))
      from pair where pair.lane is not null
    )
    select pair.lane, pair.tenant, ${dialect.now} as now,
      (select min(e.due) from reach_entry e where e.lane = pair.lane and e.tenant = pair.tenant and e.due > ${dialect.now})
        as next_due,
      (select 1 from reach_entry e where e.lane = pair.lane and e.tenant = pair.tenant and e.due <= ${dialect.now}
        and (e.token is null or e.lease_until <= ${dialect.now}) limit 1) as has_due
    from pair`.execute(db)
  const pairs = rows.flatMap(({ lane, tenant, next_due: nextDue, has_due: hasDue }) =>
    lane === null || tenant === null
      ? []
      : { lane: laneOf(lane), tenant, hasDue: hasDue !== null, nextDue: nextDue ?? undefined },
  )
  return { pairs, now: rows[0]?.now ?? 0 }
}

/** What is due and without a living lease, up to `most` of each tenant, oldest first. Locks nothing. Of one that cannot be read it tells. */
export async function readCandidates(
  { db, dialect }: Database,
  lane: Lane,
  tenants: readonly string[],
  most: number,
  unreadable: (entry: string) => void,
): Promise<Map<string, Envelope[]>> {
  const found = new Map<string, Envelope[]>(tenants.map((tenant) => [tenant, []]))
  const selects = tenants.map(
    (tenant) => sql`select * from (
      select id, tenant, due, weight, cargo from reach_entry
      where lane = ${laneNumber(lane)} and tenant = ${tenant} and due <= ${dialect.now}
        and (token is null or lease_until <= ${dialect.now})
      order by due limit ${most}) as t`,
  )
  const query = sql<{
    id: string
    tenant: string
    due: number
    weight: number
    cargo: string
  }>`${sql.join(selects, sql` union all `)}`
  for (const { id, tenant, due, weight, cargo: stored } of (await query.execute(db)).rows) {
    const cargo = readableCargo(stored)
    if (cargo === undefined) unreadable(id)
    else found.get(tenant)?.push({ id, schema: 1, tenant, lane, due, weight, cargo })
  }
  return found
}

export async function readDepth({ db, dialect }: Database): Promise<readonly PoolDepth[]> {
  const leased = sql<number>`case when token is not null and lease_until > ${dialect.now} then 1 else 0 end`
  const rows = await db
    .selectFrom('reach_entry')
    .select(['lane', 'tenant'])
    .select((eb) => eb.fn.countAll<number>().as('entries'))
    .select(sql<number>`sum(${leased})`.as('leased'))
    .select(sql<number | null>`min(case when ${leased} = 1 then null else due end)`.as('oldest'))
    .groupBy(['lane', 'tenant'])
    .execute()
  return rows.map(({ lane, tenant, entries, leased: busy, oldest }) => ({
    lane: laneOf(lane),
    tenant,
    waiting: entries - busy,
    leased: busy,
    oldestDue: oldest ?? undefined,
  }))
}

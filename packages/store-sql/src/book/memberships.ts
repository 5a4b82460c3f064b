import { type RawBuilder, sql } from 'kysely'
import type { Dialect, Queries } from '../database/dialect.js'
import { type BulkTarget, insertRows, parts } from '../ledger/bulk.js'
import { inOrder } from './texts.js'

/** Who is in which group. */
export interface Membership {
  readonly name: string
  readonly id: string
}

const target: BulkTarget<'reach_membership'> = {
  table: 'reach_membership',
  columns: ['tenant', 'name', 'id'],
  keys: 3,
  onKnown: 'pass',
}

const removedAtOnce = 1_000

/** Adds those that are not there. Sorted as the key is: two who write the same ones do not wait for each other. */
export async function addMemberships(
  queries: Queries,
  dialect: Dialect,
  tenant: string,
  memberships: readonly Membership[],
): Promise<void> {
  if (memberships.length === 0) return
  const rows = sorted(memberships).map(({ name, id }) => [tenant, name, id])
  await insertRows(queries, dialect, target, rows)
}

export async function removeMemberships(
  queries: Queries,
  dialect: Dialect,
  tenant: string,
  memberships: readonly Membership[],
): Promise<void> {
  for (const some of parts(sorted(memberships), removedAtOnce))
    await sql`delete from reach_membership where tenant = ${tenant} and (name, id) in (${pairs(dialect, some)})`.execute(
      queries,
    )
}

/** In an order that is the same for everybody; that of the bytes is not needed. */
function sorted(memberships: readonly Membership[]): readonly Membership[] {
  return memberships.toSorted((one, other) => inOrder(one.name, other.name) || inOrder(one.id, other.id))
}

/** As a list of rows, or as a query where the server takes that by far quicker. */
function pairs({ name: dialect }: Dialect, memberships: readonly Membership[]): RawBuilder<unknown> {
  if (dialect === 'mysql') return sql.join(memberships.map(({ name, id }) => sql`(${name}, ${id})`))
  const [names, ids] = [memberships.map(({ name }) => name), memberships.map(({ id }) => id)]
  if (dialect === 'postgres') return sql`select * from unnest(${names}::text[], ${ids}::text[])`
  return sql`select value->>0, value->>1 from json_each(${JSON.stringify(names.map((name, at) => [name, ids[at]]))})`
}

import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { deadLeaseLimit } from '@reachkit/core/spec'
import type { DeadLease } from '@reachkit/core/spec'
import type { Dialect } from '../database/dialect.js'

/** Every token has this length, which tells how many there are in a text. */
export const tokenLength = 16

/*
 * The dead leases of an entry are one text: `token:slices` of the first, then a space and the token of each that began
 * nothing. Null for none.
 */

/** What an entry has of them once its lease is taken: to be assigned before the columns that it reads. */
export function withDeadLease(dialect: Dialect): RawBuilder<string | null> {
  const [token, slices, known] = [sql`token`, sql`slices`, sql`dead_leases`]
  const full = deadLeaseLimit * (tokenLength + 1)
  return sql`case
    when token is null then dead_leases
    when slices > 0 or dead_leases is null then ${dialect.joined(token, sql`':'`, slices)}
    when length(dead_leases) < ${sql.lit(full)} then ${dialect.joined(known, sql`' '`, token)}
    else dead_leases end`
}

/** What it keeps of them when its lease is given back: nothing where that had begun a slice. */
export const keptDeadLeases: RawBuilder<string | null> = sql`case when slices > 0 then null else dead_leases end`

export function readDeadLeases(text: string | null): readonly DeadLease[] {
  if (text === null) return []
  return text.split(' ').map((lease) => {
    const [token = '', slices = '0'] = lease.split(':')
    return { token, slices: Number(slices) }
  })
}

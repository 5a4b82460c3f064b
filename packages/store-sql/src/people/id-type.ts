import { type RawBuilder, sql } from 'kysely'
import { columnName } from './names.js'
import type { SqlReader } from './reader.js'

/** What a database can compare with the column of ids; `any` where it compares whatever it is given. */
export type IdType = 'integer' | 'uuid' | 'any'

const integers: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint'])

/**
 * PostgreSQL refuses a whole query for one id that is no number where it has a column of numbers, so it is asked once for
 * the type of the column. Others compare as they are told.
 */
export async function idTypeOf(reader: SqlReader, table: RawBuilder<unknown>, id: string): Promise<IdType> {
  if (reader.dialect !== 'postgres') return 'any'
  const query = sql`select pg_typeof((select ${columnName(id)} from ${table} limit 0))::text as type`
  const [row] = await reader.rows(query)
  const type = String(row?.['type'])
  return integers.has(type) ? 'integer' : type === 'uuid' ? 'uuid' : 'any'
}

const largest = 2n ** 63n

/** The ids that there can be, as values of the column. */
export function idValues(ids: readonly string[], type: IdType): readonly unknown[] {
  if (type === 'uuid') return ids.filter((id) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(id))
  if (type === 'any') return ids
  return ids.filter((id) => /^(?:0|-?[1-9]\d{0,18})$/.test(id) && BigInt(id) < largest && BigInt(id) >= -largest)
}

import { sql } from 'kysely'
import type { Dialect } from './dialect.js'

/** The clock of each server in its own words: milliseconds since the epoch, a whole number. */
export const serverClocks: Readonly<Record<Dialect['name'], string>> = {
  sqlite: `cast(round(unixepoch('subsec') * 1000) as integer)`,
  // The time of the statement, not of the transaction; and an index can be searched by it.
  postgres: '(floor(extract(epoch from statement_timestamp()) * 1000)::bigint)',
  // Without a time zone: an hour of each autumn is there twice.
  mysql: `(timestampdiff(microsecond, '1970-01-01', utc_timestamp(3)) div 1000)`,
}

/** The store's clock as a dialect has it: for queries that are built, and for statements that are written by hand. */
export function clockOf(text: string): Pick<Dialect, 'now' | 'nowText'> {
  return { now: sql.raw<number>(text), nowText: text }
}

import { sql, type Transaction } from 'kysely'
import type { Dialect } from '../database/dialect.js'
import type { ReachTables } from '../database/tables.js'
import { chunked, upsert } from '../database/upsert.js'

/** The tables that have one row a key. */
interface KeyedTables {
  reach_counter: ReachTables['reach_counter']
  reach_remembered: ReachTables['reach_remembered']
  reach_bucket: ReachTables['reach_bucket']
}

export type KeyedRow<Table extends keyof KeyedTables> = KeyedTables[Table]

export interface KeyedRows<Row> {
  /** The store's clock, once the rows are held. */
  readonly now: number
  /** Those that are there and have not expired. */
  readonly rows: Map<string, Row>
}

/**
 * Reads the rows of these keys and holds them until the transaction ends, those too that are not there yet: they are made
 * as rows that have expired. In the order of the keys, so that two who want the same ones do not wait for each other.
 */
export async function holdRows<Table extends keyof KeyedTables>(
  trx: Transaction<ReachTables>,
  dialect: Dialect,
  table: Table,
  keys: ReadonlySet<string>,
  blank: Omit<KeyedRow<Table>, 'key' | 'expires_at'>,
): Promise<KeyedRows<KeyedRow<Table>>> {
  const sorted = [...keys].toSorted()
  const held = await readHeld<Table>(trx, dialect, table, sorted)
  const there = new Set(held.map(({ key }) => key))
  const missing = sorted.filter((key) => !there.has(key))
  if (missing.length > 0) {
    await upsert(trx, dialect, {
      table,
      key: ['key'],
      rows: missing.map((key) => ({ key, ...blank, expires_at: 0 })),
      // Whoever was quicker has made it: this then only waits until it is free.
      set: [],
    })
    held.push(...(await readHeld<Table>(trx, dialect, table, missing)))
  }
  // Asked once the rows are held: a statement that waited for them tells the time at which it began to wait.
  const { now } = await trx.selectNoFrom(dialect.now.as('now')).executeTakeFirstOrThrow()
  return { now, rows: new Map(held.filter((row) => row.expires_at > now).map((row) => [row.key, row])) }
}

async function readHeld<Table extends keyof KeyedTables>(
  trx: Transaction<ReachTables>,
  dialect: Dialect,
  table: Table,
  keys: readonly string[],
): Promise<KeyedRow<Table>[]> {
  const held: KeyedRow<Table>[] = []
  for (const chunk of chunked(keys, dialect.mostValues)) {
    const lock = dialect.name === 'sqlite' ? sql`` : sql` for update`
    const { rows } = await sql<KeyedRow<Table>>`
      select * from ${sql.table(table)}
      where ${sql.ref('key')} in (${sql.join(chunk)}) order by ${sql.ref('key')}${lock}`.execute(trx)
    held.push(...rows)
  }
  return held
}

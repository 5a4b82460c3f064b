import type { ListItem } from '@reachkit/core/spec'
import { sql } from 'kysely'
import type { Database } from '../database/dialect.js'
import { packText, unpackText } from '../ledger/bodies.js'
import { type BulkTarget, inList, insertRows } from '../ledger/bulk.js'
import { textOf } from './texts.js'

const chunkTarget: BulkTarget<'reach_list_chunk'> = {
  table: 'reach_list_chunk',
  columns: ['list', 'chunk', 'size', 'items'],
  keys: 2,
  onKnown: 'pass',
}

const idTarget: BulkTarget<'reach_list_id'> = {
  table: 'reach_list_id',
  columns: ['list', 'id'],
  keys: 2,
  onKnown: 'pass',
}

const chunksAtOnce = 20
const idsAtOnce = 5_000

/** Lists of ids: chunks as they are read, and each id once, as it is looked for. */
export class Lists {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async append(list: string, chunk: number, items: readonly ListItem[]): Promise<void> {
    const { db, dialect } = this.#database
    const packed = packText(JSON.stringify(items.map(({ id, text }) => (text === '' ? [id] : [id, text]))))
    const ids = [...new Set(items.map(({ id }) => id))].toSorted().map((id) => [list, id])
    await dialect.transaction(db, async (trx) => {
      // Whoever else writes this chunk waits here until this transaction ends.
      const fresh = await insertRows(trx, dialect, chunkTarget, [[list, chunk, items.length, packed]])
      if (fresh > 0 && ids.length > 0) await insertRows(trx, dialect, idTarget, ids)
    })
  }

  async chunk(list: string, chunk: number): Promise<readonly ListItem[] | undefined> {
    const row = await this.#database.db
      .selectFrom('reach_list_chunk')
      .select('items')
      .where('list', '=', list)
      .where('chunk', '=', chunk)
      .executeTakeFirst()
    if (row === undefined) return undefined
    const items = JSON.parse(unpackText(row.items)) as readonly (readonly [id: string, text?: string])[]
    return items.map(([id, text = '']) => ({ id, text }))
  }

  async has(list: string, ids: readonly string[]): Promise<readonly boolean[]> {
    if (ids.length === 0) return []
    const rows = await this.#database.db
      .selectFrom('reach_list_id')
      .select('id')
      .where('list', '=', list)
      .where('id', 'in', inList(ids))
      .execute()
    const found = new Set(rows.map(({ id }) => textOf(id)))
    return ids.map((id) => found.has(id))
  }

  async size(list: string): Promise<number> {
    const row = await this.#database.db
      .selectFrom('reach_list_chunk')
      .select((eb) => eb.fn.sum<number | null>('size').as('size'))
      .where('list', '=', list)
      .executeTakeFirst()
    return row?.size ?? 0
  }

  /** In steps: a list is as long as an audience. */
  async drop(list: string): Promise<void> {
    while (await this.#dropSome('reach_list_id', 'id', list, idsAtOnce));
    while (await this.#dropSome('reach_list_chunk', 'chunk', list, chunksAtOnce));
  }

  /** True where there are more. */
  async #dropSome(table: string, column: string, list: string, most: number): Promise<boolean> {
    const { db, dialect } = this.#database
    const of = sql`from ${sql.table(table)} where list = ${list}`
    const { rows } = await sql<{ last: unknown }>`select ${sql.ref(column)} as last ${of} order by ${sql.ref(
      column,
    )} limit 1 offset ${sql.lit(most - 1)}`.execute(db)
    const [end] = rows
    const upTo = end === undefined ? sql`` : sql` and ${sql.ref(column)} <= ${end.last}`
    await dialect.retry(() => sql`delete ${of}${upTo}`.execute(db))
    return end !== undefined
  }
}

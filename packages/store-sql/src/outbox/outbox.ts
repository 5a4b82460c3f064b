import { randomUUID } from 'node:crypto'
import type { NewParcel, OutboxBacklog, OutboxRow } from '@reachkit/core/spec'
import { sql } from 'kysely'
import type { Database, Dialect } from '../database/dialect.js'
import { appendRows } from './append.js'
import { packParcel, unpackParcel } from './packed-parcel.js'
import type { RelaySide } from '../worker/protocol.js'
import { type SqlTransaction, transactionKind } from './transactions.js'

/** How long a relay may take for what it has claimed, in milliseconds; then any other takes it over. */
const leaseMs = 30_000

/** The part of an outbox that works beside the database: what was written is claimed, and deleted once it is accepted. */
export class OutboxRelay implements RelaySide {
  readonly #database: Database
  readonly #leaseMs: number

  constructor(database: Database, lease: number = leaseMs) {
    this.#database = database
    this.#leaseMs = lease
  }

  async claim(limit: number): Promise<readonly OutboxRow[]> {
    const { db, dialect } = this.#database
    const candidates = await db
      .selectFrom('reach_outbox')
      .select('id')
      .where('lease_until', '<=', dialect.now)
      .orderBy('written_at')
      .limit(limit)
      .execute()
    if (candidates.length === 0) return []
    const token = randomUUID()
    // Whoever writes a row first has it: the others find it leased.
    await dialect.retry(() =>
      db
        .updateTable('reach_outbox')
        .set({ token, lease_until: sql`${dialect.now} + ${sql.lit(this.#leaseMs)}` })
        .where(
          'id',
          'in',
          candidates.map(({ id }) => id),
        )
        .where('lease_until', '<=', dialect.now)
        .execute(),
    )
    const claimed = await db
      .selectFrom('reach_outbox')
      .select(['id', 'parcel'])
      .where('token', '=', token)
      .orderBy('written_at')
      .orderBy('id')
      .execute()
    return claimed.map(({ id, parcel }) => ({ id, parcel: unpackParcel(parcel) }))
  }

  async backlog(): Promise<OutboxBacklog> {
    const { waiting, oldest } = await this.#database.db
      .selectFrom('reach_outbox')
      .select(({ fn }) => [fn.countAll<number>().as('waiting'), fn.min('written_at').as('oldest')])
      .executeTakeFirstOrThrow()
    return { waiting, oldest: oldest ?? undefined }
  }

  async done(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const { db, dialect } = this.#database
    await dialect.retry(() => db.deleteFrom('reach_outbox').where('id', 'in', ids.toSorted()).execute())
  }
}

/** The part that works in the caller's transaction, wherever the database is opened. */
export function isSqlTransaction(value: unknown, dialect: Pick<Dialect, 'name'>): value is SqlTransaction {
  return transactionKind(value, dialect.name) !== undefined
}

/** Writes parcels, one row each, keyed by their fresh ids alone. Seen by a relay once the caller commits. */
export async function appendParcels(
  tx: SqlTransaction,
  dialect: Pick<Dialect, 'name'>,
  parcels: readonly NewParcel[],
): Promise<void> {
  const rows = parcels.map((parcel) => ({ id: parcel.id, parcel: packParcel(parcel) }))
  await appendRows(tx, dialect, rows)
}

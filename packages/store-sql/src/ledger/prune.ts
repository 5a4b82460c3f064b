import type { Transaction } from 'kysely'
import type { ReachTables } from '../database/tables.js'
import { unpackEvents } from '../history/packed.js'
import { providerIdRows } from '../history/provider-ids.js'
import { longestRecipient, storable } from '../history/texts.js'
import { inList, parts } from './bulk.js'
import { byWeight, readable, readBodies } from './core.js'
import type { LedgerContext } from './core.js'
import { firingId } from './tasks.js'

const parcelsAtOnce = 100
const messagesAtOnce = 500
const runsAtOnce = 100

/** Removes what its time has passed, in small steps. */
export class Pruning {
  readonly #context: LedgerContext

  constructor(context: LedgerContext) {
    this.#context = context
  }

  /** Looks at about `limit` messages. True where nothing is left to remove. */
  async step(limit: number): Promise<boolean> {
    const { db, dialect } = this.#context
    const { now } = await db.selectNoFrom(dialect.now.as('now')).executeTakeFirstOrThrow()
    const digests = await this.#pruneDigests(now, limit)
    const parcels = await this.#pruneParcels(now, limit)
    const runs = await this.#pruneRuns(now)
    return digests && parcels && runs
  }

  /** A firing that is handed out late would begin its run again: such a run is kept for another time. */
  async #pruneRuns(now: number): Promise<boolean> {
    const { db, dialect, limits } = this.#context
    const rows = await db
      .selectFrom('reach_run')
      .select(['id', 'task', 'revision', 'instant'])
      .where('done_at', '<=', now - limits.retentionMs)
      .orderBy('done_at')
      .limit(runsAtOnce)
      .execute()
    if (rows.length === 0) return true
    const runs = rows.map(({ id, task, revision, instant }) => ({ id, firing: firingId(task, revision, instant) }))
    const firings = inList(runs.map(({ firing }) => firing))
    const found = await db.selectFrom('reach_entry').select('id').where('id', 'in', firings).execute()
    const pending = new Set(found.map(({ id }) => id))
    const kept = inList(runs.filter(({ firing }) => pending.has(firing)).map(({ id }) => id))
    const ended = inList(runs.filter(({ firing }) => !pending.has(firing)).map(({ id }) => id))
    await dialect.retry(async () => {
      await db.updateTable('reach_run').set({ done_at: now }).where('id', 'in', kept).execute()
      await db.deleteFrom('reach_run').where('id', 'in', ended).execute()
    })
    return rows.length < runsAtOnce
  }

  /** Digests of a parcel have one instant. Those of a parcel that lives are kept for another window. */
  async #pruneDigests(now: number, limit: number): Promise<boolean> {
    const { db, dialect, limits } = this.#context
    const rows = await db
      .selectFrom('reach_digest')
      .select(['at', 'parcel'])
      .where('at', '<=', now - limits.dedupeMs)
      .orderBy('at')
      .limit(limit)
      .execute()
    const groups = new Map(rows.map(({ at, parcel }) => [`${at} ${parcel}`, { at, parcel }]))
    if (groups.size === 0) return true
    const living = await this.#living([...groups.values()].map(({ parcel }) => parcel))
    for (const { at, parcel } of groups.values()) {
      await dialect.retry(async () => {
        if (living.has(parcel))
          await db
            .updateTable('reach_digest')
            .set({ at: now })
            .where('at', '=', at)
            .where('parcel', '=', parcel)
            .execute()
        else await db.deleteFrom('reach_digest').where('at', '=', at).where('parcel', '=', parcel).execute()
      })
    }
    return rows.length < limit
  }

  async #living(parcels: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#context.db
      .selectFrom('reach_progress')
      .select('parcel')
      .where('parcel', 'in', inList(parcels))
      .where('open', '>', 0)
      .execute()
    return new Set(rows.map(({ parcel }) => parcel))
  }

  async #pruneParcels(now: number, limit: number): Promise<boolean> {
    const { db, limits } = this.#context
    const passed = now - limits.retentionMs
    const rows = await db
      .selectFrom('reach_progress')
      .innerJoin('reach_parcel', 'reach_parcel.id', 'reach_progress.parcel')
      .leftJoin('reach_run', (join) =>
        join.onRef('reach_run.id', '=', 'reach_parcel.run').on('reach_run.done_at', 'is', null),
      )
      .select(['reach_progress.parcel', 'reach_parcel.size', 'reach_run.id as open_run'])
      .where('reach_progress.done_at', '<=', passed)
      .orderBy('reach_progress.done_at')
      .limit(parcelsAtOnce)
      .execute()
    await this.#keepOn(
      rows.filter(({ open_run: run }) => run !== null).map(({ parcel }) => parcel),
      now,
    )
    const over = rows.filter(({ open_run: run }) => run === null)
    let looked = 0
    for (const some of byWeight(over, messagesAtOnce, ({ size }) => size)) {
      if (looked >= limit) return false
      looked += some.reduce((sum, { size }) => sum + size, 0)
      await this.#forget(
        some.map(({ parcel }) => parcel),
        passed,
      )
    }
    return rows.length < parcelsAtOnce
  }

  /** Those of a run that is not done are kept for another time. */
  async #keepOn(parcels: readonly string[], now: number): Promise<void> {
    if (parcels.length === 0) return
    const { db, dialect } = this.#context
    const update = db
      .updateTable('reach_progress')
      .set({ done_at: now })
      .where('parcel', 'in', inList(parcels))
      .where('done_at', 'is not', null)
    await dialect.retry(() => update.execute())
  }

  /** A message may have been sent again meanwhile: then its parcel lives. */
  async #forget(parcels: readonly string[], passed: number): Promise<void> {
    const { db, dialect, cache } = this.#context
    await dialect.transaction(db, async (trx) => {
      const query = trx
        .selectFrom('reach_progress')
        .select('parcel')
        .where('parcel', 'in', inList(parcels))
        .where('done_at', '<=', passed)
        .orderBy('parcel')
      const dead = (await dialect.locked(query).execute()).map(({ parcel }) => parcel)
      if (dead.length === 0) return
      await this.#forgetHistory(trx, dead)
      const ids = inList(dead)
      for (const table of ['reach_group', 'reach_log', 'reach_progress'] as const)
        await trx.deleteFrom(table).where('parcel', 'in', ids).execute()
      await trx.deleteFrom('reach_parcel').where('id', 'in', ids).execute()
    })
    for (const parcel of parcels) cache.delete(parcel)
  }
  /** What is found by recipient and by a provider's id goes by its own key: an index by parcel would cost every message. */
  async #forgetHistory(trx: Transaction<ReachTables>, dead: readonly string[]): Promise<void> {
    const most = Math.min(1_000, this.#context.dialect.mostValues)
    const bodies = await readBodies(this.#context, trx, dead)
    for (const [parcel, { acceptedAt, bodies: of }] of bodies)
      await trx
        .deleteFrom('reach_recipient')
        .where('recipient', 'in', inList(of.map(({ recipient }) => storable(recipient, longestRecipient))))
        .where('accepted_at', '=', acceptedAt)
        .where('parcel', '=', parcel)
        .execute()
    const logs = await trx
      .selectFrom('reach_log')
      .select(['parcel', 'events'])
      .where('parcel', 'in', inList(dead))
      .execute()
    const told = logs.flatMap(({ parcel, events }) => {
      const read = readable(() => unpackEvents(events), { parcel }, this.#context.logger)
      return read === undefined ? [] : [{ parcel, events: read }]
    })
    for (const some of parts(providerIdRows(told), most / 2))
      await trx
        .deleteFrom('reach_provider_id')
        .where('provider_id', 'in', inList(some.map(([id]) => String(id))))
        .where('message', 'in', inList(some.map(([, , message]) => String(message))))
        .execute()
  }
}

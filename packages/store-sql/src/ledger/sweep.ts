import type { Envelope } from '@reachkit/core/spec'
import { inList, parts } from './bulk.js'
import { readableCargo } from './cargo.js'
import type { LedgerContext } from './core.js'
import { laneOf } from './entries.js'
import { Pruning } from './prune.js'

/** One round over the ledger after the other, some entries a call: what the pool lost is pushed again, and what is past its time goes. */
export class Sweep {
  readonly #context: LedgerContext
  readonly #ownPool: boolean
  readonly #pruning: Pruning
  /** The entry that the last call stopped at. */
  #after = ''

  constructor(context: LedgerContext, ownPool: boolean) {
    this.#context = context
    this.#ownPool = ownPool
    this.#pruning = new Pruning(context)
  }

  async step(limit: number): Promise<{ readonly envelopes: readonly Envelope[]; readonly more: boolean }> {
    await this.#context.listeners.swept()
    const pruned = await this.#pruning.step(limit)
    if (this.#ownPool) return { envelopes: [], more: !pruned }
    const { envelopes, ended } = await this.#pushAgain(limit)
    return { envelopes, more: !ended || !pruned }
  }

  /** In one step with a note that they were pushed: of several processes, one pushes an entry. */
  async #pushAgain(limit: number): Promise<{ readonly envelopes: readonly Envelope[]; readonly ended: boolean }> {
    const { db, dialect, limits } = this.#context
    const after = this.#after
    const found = await dialect.transaction(db, async (trx) => {
      const query = trx
        .selectFrom('reach_entry')
        .select(['id', 'tenant', 'lane', 'due', 'weight', 'cargo', 'pushes', 'pushed_at', 'token', 'lease_until'])
        .select(dialect.now.as('now'))
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
      const rows = await dialect.locked(query).execute()
      const again = rows.filter(
        ({ due, token, lease_until: until, pushes, pushed_at: at, now }) =>
          due <= now && (token === null || until <= now) && at + limits.pushAgainMs * 2 ** Math.min(pushes, 16) <= now,
      )
      for (const some of parts(again, 256))
        await trx
          .updateTable('reach_entry')
          .set((eb) => ({ pushes: eb('pushes', '+', 1), pushed_at: some[0]?.now ?? 0 }))
          .where('id', 'in', inList(some.map(({ id }) => id)))
          .execute()
      return { rows, again }
    })
    const ended = found.rows.length < limit
    this.#after = ended ? '' : (found.rows.at(-1)?.id ?? '')
    const envelopes = found.again.flatMap(({ id, tenant, lane, due, weight, cargo: stored }): Envelope[] => {
      const cargo = readableCargo(stored)
      if (cargo !== undefined) return [{ id, schema: 1, tenant, lane: laneOf(lane), due, weight, cargo }]
      this.#context.logger.error({ entry: id }, 'an entry of the store cannot be read; it is passed over')
      return []
    })
    return { envelopes, ended }
  }
}

import type { AnyOutbox, Ledger, Pool, PoolSource, Store, StoreParts } from '@reachkit/core/spec'
import { CrashPlan } from './crash-plan.js'
import type { CrashOptions } from './crash-plan.js'
import { withOutboxPoints } from './crashing-outbox.js'
import { replaced } from './replaced.js'

/**
 * The store, but the process ends at the point: one of the ledger, of the store's own pool or of its own outbox. A
 * result that `begin` takes along counts as a settle too, and an accept that moves a cursor as an accept too.
 */
export function crashingStore<Own extends Store>(store: Own, options: CrashOptions): Own {
  const plan = new CrashPlan(options)
  const own: Partial<Store> = {
    async open(context): Promise<StoreParts> {
      const parts = await store.open(context)
      const { ledger, pool, outbox } = parts
      return replaced(parts, {
        ledger: withLedgerPoints(ledger, plan),
        ...(pool !== undefined && { pool: withPoolPoints(pool, plan) }),
        ...(outbox !== undefined && { outbox: withOutboxPoints(outbox, plan) }),
      })
    },
  }
  // A store on SQL is an outbox by itself.
  const whole: Store = isOutbox(store) ? withOutboxPoints(store, plan) : store
  return replaced(whole, own) as Own
}

function isOutbox(store: object): store is Store & AnyOutbox {
  return 'append' in store && 'claim' in store && 'done' in store
}

/** A pool of another engine, but the process ends before or after a push or an ack. */
export function crashingPool(pool: PoolSource, options: CrashOptions): PoolSource {
  const plan = new CrashPlan(options)
  return replaced(pool, { open: async (context) => withPoolPoints(await pool.open(context), plan) })
}

function withLedgerPoints(ledger: Ledger, plan: CrashPlan): Ledger {
  return replaced(ledger, {
    accept: async (parcels) =>
      plan.around('before-accept', 'after-accept', async () => {
        const moves = parcels.some(({ cursor }) => cursor !== undefined)
        if (!moves) return ledger.accept(parcels)
        return plan.around('before-cursor', 'after-cursor', () => ledger.accept(parcels))
      }),
    async claim(request) {
      await plan.reach('before-claim')
      const claims = await ledger.claim(request)
      // One that was refused gave no lease.
      if (claims.length === 0 || claims.some(({ status }) => status === 'claimed')) await plan.reach('after-claim')
      return claims
    },
    begin: async (requests) =>
      plan.around('before-begin', 'after-begin', async () => {
        const settles = requests.some(({ settle }) => settle !== undefined)
        if (!settles) return ledger.begin(requests)
        return plan.around('before-settle', 'after-settle', () => ledger.begin(requests))
      }),
    settle: async (settlements) => plan.around('before-settle', 'after-settle', () => ledger.settle(settlements)),
    saveTask: async (task, expectedRevision) =>
      plan.around('before-task', 'after-task', () => ledger.saveTask(task, expectedRevision)),
    beginRun: async (begin) => plan.around('before-run', 'after-run', () => ledger.beginRun(begin)),
  })
}

function withPoolPoints(pool: Pool, plan: CrashPlan): Pool {
  return replaced(pool, {
    push: async (envelopes) => plan.around('before-push', 'after-push', () => pool.push(envelopes)),
    ack: async (envelopes) => plan.around('before-ack', 'after-ack', () => pool.ack(envelopes)),
  })
}

import type { AnyOutbox } from '@reachkit/core/spec'
import { CrashPlan } from './crash-plan.js'
import type { CrashOptions } from './crash-plan.js'
import { replaced } from './replaced.js'

/** The outbox, but the process ends before or after the relay deletes rows that the ledger has accepted. */
export function crashingOutbox<Own extends AnyOutbox>(outbox: Own, options: CrashOptions): Own {
  return withOutboxPoints(outbox, new CrashPlan(options))
}

export function withOutboxPoints<Own extends AnyOutbox>(outbox: Own, plan: CrashPlan): Own {
  const own: Partial<AnyOutbox> = {
    done: async (ids) => plan.around('before-relay-delete', 'after-relay-delete', () => outbox.done(ids)),
  }
  return replaced<AnyOutbox>(outbox, own) as Own
}

import { isConsuming } from '@reachkit/core/spec'
import type { ConsumingGate, Gate } from '@reachkit/core/spec'
import { CrashPlan } from './crash-plan.js'
import type { CrashOptions } from './crash-plan.js'
import { replaced } from './replaced.js'

/** The gate, but the process ends before or after it takes. One that takes nothing has no point, and is left as it is. */
export function crashingGate<Own extends Gate>(gate: Own, options: CrashOptions): Own {
  const plan = new CrashPlan(options)
  const whole: Gate = gate
  if (!isConsuming(whole)) return gate
  const own: Partial<ConsumingGate> = {
    take: async (items, reservation, context) =>
      plan.around('before-take', 'after-take', () => whole.take(items, reservation, context)),
  }
  return replaced<ConsumingGate>(whole, own) as Gate as Own
}

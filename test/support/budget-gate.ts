import { pass } from '@reachkit/core/spec'
import type { ConsumingGate, State } from '@reachkit/core/spec'

export const budgetKey = 'gate'

/** One of the budget for each delivery. Where nothing is left the message waits: somebody may give something back. */
export function budgetGate(state: State): ConsumingGate {
  return {
    specVersion: 1,
    name: 'budget',
    phase: 'delivery',
    check: (items) => items.map(() => pass),
    async take(items, reservation, { now }) {
      const lines = items.map(({ id }) => ({ budget: budgetKey, member: id, amount: 1 }))
      const granted = await state.reserve(reservation, lines)
      const wait = { kind: 'defer', until: now + 500, reason: { code: 'budget-exhausted' } } as const
      return granted.map((has) => (has ? pass : wait))
    },
    confirm: async (reservation, ids) => state.confirm(reservation, ids),
    release: async (reservation, ids) => state.release(reservation, ids),
  }
}

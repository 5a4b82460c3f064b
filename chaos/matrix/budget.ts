import { pass } from '@reachkit/core/spec'
import type { ConsumingGate, State } from '@reachkit/core/spec'
import { audience } from './scenarios.js'

const budget = 'matrix'

/** A budget of one for each of the audience: what a dead process took and did not give back would be missing. */
export function budgetGate(state: () => State): ConsumingGate {
  return {
    specVersion: 1,
    name: 'budget',
    phase: 'delivery',
    check: (items) => items.map(() => pass),
    async take(items, reservation) {
      const lines = items.map(({ id }) => ({ budget, member: id, amount: 1 }))
      const granted = await state().reserve(reservation, lines)
      return granted.map((has) => (has ? pass : { kind: 'reject', reason: { code: 'budget-exhausted' } }))
    },
    confirm: (reservation, ids) => state().confirm(reservation, ids),
    release: (reservation, ids) => state().release(reservation, ids),
  }
}

/** Fills the budget, by whoever comes first. */
export async function fillBudget(state: State): Promise<void> {
  const [filled] = await state.remember([{ key: 'matrix-filled', value: 'yes', ttlMs: 3_600_000 }])
  if (filled?.first === true) await state.credit(budget, audience)
}

export async function budgetLevel(state: State): Promise<{ readonly spent: number; readonly reserved: number }> {
  const [level] = await state.budgets([budget])
  return { spent: level?.spent ?? 0, reserved: level?.reserved ?? 0 }
}

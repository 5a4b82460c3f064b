import { pass } from '@reachkit/core'
import type { ConsumingGate, Cost, GateItem, State, Verdict } from '@reachkit/core'

export const moneyKey = 'money'
const refusal: Verdict = { kind: 'reject', reason: { code: 'budget-exhausted' } }

export function euros(micros: number): Cost {
  return { currency: 'EUR', micros }
}

/** A budget in millionths of a euro: takes what a message will cost at most, and spends what it did cost. */
export function moneyGate(state: State): ConsumingGate {
  const priceOf = ({ cost }: GateItem): number => cost?.micros ?? 0
  return {
    specVersion: 1,
    name: 'money',
    phase: 'delivery',
    async check(items) {
      const [level] = await state.budgets([moneyKey])
      return items.map((item) => (priceOf(item) > (level?.left ?? 0) ? refusal : pass))
    },
    async take(items, reservation) {
      const lines = items.map((item) => ({ budget: moneyKey, member: item.id, amount: priceOf(item) }))
      const granted = await state.reserve(reservation, lines)
      return granted.map((has) => (has ? pass : refusal))
    },
    async confirm(reservation, ids, costs) {
      const amounts = new Map<string, number>()
      for (const [id, { currency, micros }] of costs) if (currency === 'EUR') amounts.set(id, micros)
      await state.confirm(reservation, ids, amounts)
    },
    release: async (reservation, ids) => state.release(reservation, ids),
  }
}

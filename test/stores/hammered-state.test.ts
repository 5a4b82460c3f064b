// Counters, frequency windows, buckets and budgets under four processes: not one too many, not one too few.
import { expect, test } from 'vitest'
import { startProgram } from '../support/child-program.js'
import { durableKinds, freshPlace, storeAt } from '../support/durable-stores.js'
import { most } from '../support/hammer.js'
import type { Hits } from '../support/hammer.js'
import { realContext } from '../support/lamp.js'

const rounds = 120
const processes = ['a', 'b', 'c', 'd']

test.concurrent.each(durableKinds)(
  '%s: what four processes count, enter, take and reserve at once is exact',
  async (kind) => {
    const place = await freshPlace(kind)
    const parts = await storeAt(place).open(realContext)
    const { state } = parts
    await state.credit('budget', most.budget)
    const programs = await Promise.all(processes.map(async () => startProgram('hammer', place)))
    try {
      const hits = await Promise.all(
        programs.map(async (program, index) => program.ask<Hits>({ by: processes[index], rounds, atOnce: 4 })),
      )
      const sum = (of: (hit: Hits) => number): number => hits.reduce((all, hit) => all + of(hit), 0)
      const later = { by: 0, ttlMs: 1_000 }
      const keys = ['counter', ...processes.map((by) => `own-${by}`)]
      expect(sum(({ counted }) => counted)).toBe(processes.length * rounds)
      expect(await state.count(keys.map((key) => ({ key, ...later })))).toEqual([
        processes.length * rounds,
        ...processes.map(() => 2 * rounds),
      ])
      expect(sum(({ entered }) => entered)).toBe(most.entered)
      expect(sum(({ taken }) => taken)).toBe(most.taken)
      const confirmed = sum((hit) => hit.confirmed)
      // More than it has was asked for, so all of it is spent, though a part was given back on the way.
      expect(confirmed).toBe(most.budget)
      expect(sum(({ granted }) => granted)).toBeGreaterThan(most.budget)
      expect(await state.budgets(['budget'])).toEqual([{ left: 0, reserved: 0, spent: most.budget }])
    } finally {
      await Promise.all(programs.map(async (program) => program.kill()))
      await parts.close()
      await place.drop()
    }
  },
  180_000,
)

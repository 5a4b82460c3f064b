// The same suites run twice: as they are, and in the project `lossy` (vitest.config.ts), where every pool loses a tenth
// of all pushes and doubles another.
import { memoryStore } from '@reachkit/core'
import type { Clock, Envelope, Ledger, Pool, Store, StoreParts } from '@reachkit/core'
import { expect } from 'vitest'
import { lossyPool, seededRandom } from './testing.js'

/** In the project `lossy`. A test of what is the pool's own doing is left out there: `it.skipIf(lossyRun)`, with the reason. */
export const lossyRun: boolean = process.env['REACHKIT_TEST_POOL'] === 'lossy'

/** What an engine gets that names no store: nothing, or the default store with the pool of this run. */
export function storeOfRun(): { readonly store?: Store } {
  if (!lossyRun) return {}
  const inner = memoryStore()
  const open: Store['open'] = async (context) => withPoolOfRun(await inner.open(context), context.clock)
  return { store: { ...inner, open } }
}

/** Parts of a store with the pool as this run of the suite has it. Its chance is the test's own: the same in every run. */
export function withPoolOfRun(parts: StoreParts, clock: Clock): StoreParts {
  if (!lossyRun || parts.pool === undefined) return parts
  const random = seededRandom(seedOf(expect.getState().currentTestName ?? ''))
  const pool: Pool = lossyPool(parts.pool, { random, onLost: (lost) => pushSoon(lost, parts.ledger, pool, clock) })
  return { ...parts, pool }
}

const sweptAfterMs = 1

/**
 * As if another process swept more often than an engine does, which takes seconds: what was lost is looked up in the
 * ledger and pushed again soon, or lost again, so that what a test tells of times stays nearly true.
 */
function pushSoon(lost: readonly Envelope[], ledger: Ledger, pool: Pool, clock: Clock): void {
  async function sweep(): Promise<void> {
    const ids = new Set(lost.map(({ id }) => id))
    const waiting = (await ledger.pending({}, 10_000)).filter(({ id, leased }) => ids.has(id) && !leased)
    const again = waiting.map(
      ({ leased: _leased, takeovers: _takeovers, ...entry }) => ({ schema: 1, ...entry }) as const,
    )
    if (again.length > 0) await pool.push(again)
  }
  clock.setTimer(sweptAfterMs, () => void sweep())
}

function seedOf(name: string): number {
  let seed = 0
  for (const character of name) seed = (seed * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return seed
}

import { memoryStore } from '@reachkit/core'
import type { StoreParts } from '@reachkit/core/spec'
import { virtualClock } from '../src/clock/index.js'
import type { PoolSubject, StoreSubject } from '../src/conformance/index.js'
import { seededRandom } from '../src/random/index.js'

const ignore = (): void => {}
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }

const timing = {
  shortMs: 1_000,
  dedupeMs: 3_600_000,
  retentionMs: 600_000,
  pushAgainMs: 2_000,
  poolLeaseMs: 30_000,
  noticeMs: 10,
}

/** The memory store on a virtual clock, as every suite wants it. */
export async function memorySubject(): Promise<StoreSubject & PoolSubject> {
  const clock = virtualClock()
  const store = memoryStore({ dedupeFor: '1h', retention: '10m', pushAgain: '2s', poolLease: '30s' })
  const parts: StoreParts = await store.open({ clock, random: seededRandom(1), logger })
  const { ledger, state, history, pool } = parts
  if (pool === undefined) throw new Error('the memory store has a pool')
  const now = async (): Promise<number> => clock.now()
  return { ledger, state, history, pool, timing, now, advance: (ms) => clock.advance(ms), close: () => parts.close() }
}

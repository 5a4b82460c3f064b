import { memoryStore } from '@reachkit/core'
import type { StoreParts } from '@reachkit/core/spec'
import { virtualClock } from '../src/clock/index.js'
import type { BookSubject, PoolSubject, StoreSubject } from '../src/conformance/index.js'
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

export type MemorySubject = Omit<StoreSubject & PoolSubject & BookSubject, 'peer'>

/** The memory store on a virtual clock, as every suite wants it. */
export async function memorySubject(): Promise<MemorySubject> {
  const clock = virtualClock()
  const store = memoryStore({ dedupeFor: '1h', retention: '10m', pushAgain: '2s', poolLease: '30s' })
  const parts: StoreParts = await store.open({ clock, random: seededRandom(1), logger })
  const { ledger, state, history, pool, book } = parts
  if (pool === undefined || book === undefined) throw new Error('the memory store has a pool and a book')
  const now = async (): Promise<number> => clock.now()
  const advance = (ms: number): Promise<void> => clock.advance(ms)
  return { ledger, state, history, pool, book, timing, now, advance, close: () => parts.close() }
}

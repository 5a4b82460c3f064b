import type { StoreContext } from '@reachkit/core/spec'
import { runCase, stateCases, type StateSubject, waitingAdvance } from '@reachkit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SqlState } from '../src/state/state.js'
import { databases, emptyTables, type TestDatabase } from './databases.js'

const ignore = (): void => {}
const context: Pick<StoreContext, 'clock' | 'logger'> = {
  clock: {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimer(delayMs, callback) {
      const timer = setTimeout(callback, delayMs)
      timer.unref()
      return () => clearTimeout(timer)
    },
  },
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
}

describe.each(databases)('$name', ({ make }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await make()
  }, 60_000)
  afterAll(() => database.drop())

  async function subject(): Promise<StateSubject> {
    const [one, other] = [await database.open(), await database.open()]
    await emptyTables(one)
    const [state, peer] = [await SqlState.open(one, context), await SqlState.open(other, context)]
    const now = (): Promise<number> => state.now()
    return {
      state,
      peer: { state: peer },
      timing: { shortMs: 400 },
      now,
      advance: waitingAdvance(now),
      async close() {
        state.close()
        peer.close()
        await one.close()
        await other.close()
      },
    }
  }

  test.for(stateCases)('$name', { timeout: 30_000 }, async (wanted, { skip }) => {
    await expect(runCase(wanted, subject, skip)).resolves.toBeUndefined()
  })
})

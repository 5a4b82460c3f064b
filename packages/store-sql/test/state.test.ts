import { runCase, stateCases, type StateSubject } from '@reachkit/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { SqlState } from '../src/state/state.js'
import { databases } from './databases.js'
import { context } from './ledger-subject.js'
import { openPairs } from './open-pairs.js'

describe.each(databases)('$name', ({ name }) => {
  const { open, drop } = openPairs(name, 1)
  afterAll(drop)

  async function subject(): Promise<StateSubject> {
    const { moved, close } = await open()
    const { clock, now, advance } = await moved.start()
    const timed = { ...context, clock }
    const state = await SqlState.open(moved.database, timed)
    const peer = await SqlState.open(moved.peer, timed)
    return {
      state,
      peer: { state: peer },
      timing: { shortMs: 1_000 },
      now,
      advance,
      async close() {
        state.close()
        peer.close()
        await close()
      },
    }
  }

  test.for(stateCases)('$name', { timeout: 30_000 }, async (wanted, { skip }) => {
    await expect(runCase(wanted, subject, skip)).resolves.toBeUndefined()
  })
})

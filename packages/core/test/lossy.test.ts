// A pool that loses a tenth of all pushes and doubles another: the ledger is the truth.
import { NotSentError, createReach, firstOf, memoryStore, message, rejected, retry, sent } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { sharedStore } from './support/shared-store.js'
import { everybody, signal } from './support/signals.js'
import type { Answer, Request } from './support/signals.js'
import { lossyPool, seededRandom } from './support/testing.js'
import { createWorld } from './support/world.js'

describe('A pool that loses 10 % and doubles 10 %', () => {
  it('2,000 messages with faults all end as they should, each sent exactly once, by two engines.', async () => {
    const world = createWorld(7)
    const parts = await memoryStore().open(world.base)
    const arrived: string[] = []
    const random = seededRandom(9)
    const arrive = ({ id, idempotencyKey }: Request, name: string) => {
      arrived.push(id)
      return sent(`${name}-${idempotencyKey}`)
    }
    /** Half of all attempts go wrong, and certainly were not sent. */
    const flaky =
      (name: string): Answer =>
      async (request, { clock }) => {
        const drawn = random.next()
        if (drawn < 0.2) return retry()
        if (drawn < 0.3) throw new NotSentError('refused')
        if (drawn < 0.4) return rejected('full')
        if (drawn < 0.5) await new Promise<void>((resolve) => clock.setTimer(drawn * 1_000, resolve))
        return arrive(request, name)
      }
    const note = message('note', {
      content: { lamp: { text: 'x' }, horn: { text: 'x' }, drum: { text: 'x' } },
      route: firstOf('lamp', 'horn', 'drum'),
      retry: { attempts: 50, base: '100ms', cap: '1s' },
    })
    const engine = (seed: number) => {
      const store = sharedStore(parts, (pool) => lossyPool(pool, { random: seededRandom(seed) }))
      const channels = {
        lamp: signal('lamp', flaky('lamp')).channel,
        horn: signal('horn', flaky('horn')).channel,
        drum: signal('drum', (request) => arrive(request, 'drum')).channel,
      }
      return world.open(createReach({ ...world.base, store, messages: [note], channels, directory: everybody }))
    }
    const engines = [engine(1), engine(2)] as const
    await engines[1].start()
    const ids: string[] = []
    for (let batch = 0; batch < 40; batch += 1) {
      const to = Array.from({ length: 50 }, (_, index) => `u${batch}-${index}`)
      const lane = (['P0', 'P1', 'P2', 'P3'] as const)[batch % 4] ?? 'P2'
      ids.push(
        ...(
          await engines[batch % 2 === 0 ? 0 : 1].notify('note', to, undefined, {
            priority: lane,
            after: `${batch % 5}s`,
          })
        ).ids,
      )
    }
    await world.clock.advance('3m')
    const records = await parts.ledger.get(ids)
    expect(records.filter((record) => record?.outcome !== 'sent')).toEqual([])
    expect(arrived.length).toBe(2_000)
    expect(new Set(arrived).size).toBe(2_000)
    expect(await parts.ledger.pending({}, 10)).toEqual([])
  }, 20_000)
})

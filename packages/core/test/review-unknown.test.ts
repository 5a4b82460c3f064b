import { createReach, failover, firstOf, invalidAddress, message, rejected, retry, sent, unknown } from '@reachkit/core'
import type { DeliveryOutcome } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { signal } from './support/signals.js'
import { createWorld } from './support/world.js'

/** The first provider drops second copies; the standby knows nothing of what the first one took. */
function setUp(answers: readonly DeliveryOutcome[]) {
  const world = createWorld()
  const first = signal('lamp', answers, { provider: 'first', capabilities: { deduplicates: true } })
  const second = signal('lamp', [], { provider: 'second' })
  const horn = signal('horn')
  const alarm = message('alarm', {
    content: { lamp: { text: 'x' }, horn: { text: 'x' } },
    route: firstOf('lamp', 'horn'),
    retry: { attempts: 3, base: '1s', cap: '3s' },
  })
  const reach = world.open(
    createReach({
      ...world.base,
      messages: [alarm],
      channels: { lamp: failover(first.channel, second.channel), horn: horn.channel },
    }),
  )
  const send = async () => world.until((await reach.notify('alarm', { lamp: 'l1', horn: 'h1' })).settled())
  return { ...world, reach, send, first, second, horn }
}

describe('After an attempt that may have gone out', () => {
  for (const [name, then] of [
    ['a retry', [retry(), sent()]],
    ['two retries', [retry(), retry()]],
    ['a refusal', [rejected('duplicate')]],
  ] as const) {
    it(`${name} goes to no other provider and to no other channel.`, async () => {
      const { send, second, horn } = setUp([unknown(), ...then])
      const { state } = await send()
      expect(state).toBe(then.at(-1)?.kind === 'sent' ? 'done' : 'held')
      expect([second.requests.length, horn.requests.length]).toEqual([0, 0])
    })
  }

  it('an address that does not exist is for good: the next channel has its turn.', async () => {
    const { send, second, horn } = setUp([unknown(), invalidAddress('no such lamp')])
    expect(await send()).toMatchObject({ outcome: 'sent' })
    expect([second.requests.length, horn.requests.length]).toEqual([0, 1])
  })

  it.each(['message', 'delivery'] as const)('a gate of the %s phase that says no leaves it held.', async (phase) => {
    const world = createWorld()
    const lamp = signal('lamp', [unknown()], { capabilities: { deduplicates: true } })
    const alarm = message('alarm', { content: { lamp: { text: 'x' } } })
    let checks = 0
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [alarm],
        channels: { lamp: lamp.channel },
        gates: [
          {
            specVersion: 1,
            name: 'once',
            phase,
            check: async (items) =>
              items.map(() => (checks++ === 0 ? { kind: 'pass' } : { kind: 'reject', reason: { code: 'no-more' } })),
          },
        ],
      }),
    )
    const { settled } = await reach.notify('alarm', { lamp: 'l1' })
    const code = phase === 'message' ? 'unknown-outcome' : 'no-more'
    expect(await world.until(settled())).toMatchObject({ state: 'held', reason: { code } })
  })
})

describe('unknown() without a reason', () => {
  it('is recorded as what it is, not as a deadline.', async () => {
    const world = createWorld()
    const lamp = signal('lamp', [unknown()])
    const alarm = message('alarm', { content: { lamp: { text: 'x' } } })
    const reach = world.open(createReach({ ...world.base, messages: [alarm], channels: { lamp: lamp.channel } }))
    const { settled } = await reach.notify('alarm', { lamp: 'l1' })
    expect(await world.until(settled())).toMatchObject({ state: 'held', reason: { code: 'unknown-outcome' } })
  })
})

// A person has a message sent once more: a provider that drops copies must not drop that.
import { createReach, memoryStore, message, pass, rejected, retry, sent, unknown } from '@reachkit/core'
import type { ConsumingGate, DeliveryOutcome } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import type { Answer } from './support/signals.js'
import { createWorld } from './support/world.js'

function setUp(answers: readonly (DeliveryOutcome | Answer)[], gates: readonly ConsumingGate[] = []) {
  const world = createWorld()
  const lamp = signal('lamp', answers, { capabilities: { deduplicates: true, timeoutMs: 1_000 } })
  const alarm = message('alarm', {
    content: { lamp: { text: 'x' } },
    retry: { attempts: 2, base: '1s', cap: '1s' },
  })
  const reach = world.open(createReach({ ...world.base, messages: [alarm], channels: { lamp: lamp.channel }, gates }))
  const keys = () => lamp.requests.map(({ idempotencyKey }) => idempotencyKey)
  return { ...world, reach, keys }
}

describe('The idempotency key of a resend', () => {
  it('is another one than before, each time, and the same on every attempt of that resend.', async () => {
    const { reach, clock, keys } = setUp([unknown(), sent(), retry(), sent(), unknown(), sent()])
    const { id } = await reach.notify('alarm', { lamp: 'l1' })
    await clock.advance('2m')
    await reach.resend(id)
    await clock.advance('2m')
    await reach.resend(id)
    await clock.advance('2m')
    const [first = '', , second = '', , third = ''] = keys()
    expect(keys()).toEqual([first, first, second, second, third, third])
    expect(new Set(keys()).size).toBe(3)
    for (const key of keys()) expect(key).toMatch(/^[A-Za-z0-9._-]{1,64}$/)
  })

  it('is another one for what is held as well.', async () => {
    const { reach, clock, keys } = setUp([unknown(), unknown(), sent()])
    const { id } = await reach.notify('alarm', { lamp: 'l1' })
    await clock.advance('2m')
    expect(await reach.get(id)).toMatchObject({ state: 'held' })
    await reach.resend(id)
    await clock.advance('2m')
    expect(keys()[2]).not.toBe(keys()[0])
  })

  it('outlives a deferral, a change, and the process.', async () => {
    const world = createWorld()
    const parts = await memoryStore().open(world.base)
    const alarm = message('alarm', {
      content: { lamp: { text: 'x' } },
      retry: { attempts: 3, base: '10s', cap: '10s' },
    })
    const engine = (answers: readonly DeliveryOutcome[]) => {
      const lamp = signal('lamp', answers)
      const store = sharedStore(parts)
      return {
        reach: world.open(createReach({ ...world.base, store, messages: [alarm], channels: { lamp: lamp.channel } })),
        requests: lamp.requests,
      }
    }
    const one = engine([rejected('no'), retry(600_000)])
    const { id } = await one.reach.notify('alarm', { lamp: 'l1' })
    await world.clock.advance('2m')
    await one.reach.resend(id)
    await world.clock.advance('2m')
    await world.until(one.reach.stop())
    const two = engine([sent()])
    await two.reach.change(id, { after: '5m' })
    await world.clock.advance('9m')
    const [first, second, third] = [...one.requests, ...two.requests].map(({ idempotencyKey }) => idempotencyKey)
    expect(second).not.toBe(first)
    expect(third).toBe(second)
  })
})

it('A resend of what was held leaves nothing taken for ever.', async () => {
  const told: string[] = []
  const budget: ConsumingGate = {
    specVersion: 1,
    name: 'budget',
    phase: 'delivery',
    check: (items) => items.map(() => pass),
    take: (items) => {
      told.push('take')
      return items.map(() => pass)
    },
    confirm: () => void told.push('confirm'),
    release: () => void told.push('release'),
  }
  const world = createWorld()
  const lamp = signal('lamp', [unknown(), sent()])
  const alarm = message('alarm', { content: { lamp: { text: 'x' } } })
  const reach = world.open(
    createReach({ ...world.base, messages: [alarm], channels: { lamp: lamp.channel }, gates: [budget] }),
  )
  const { id } = await reach.notify('alarm', { lamp: 'l1' })
  await world.clock.advance('2m')
  expect(told).toEqual(['take'])
  await reach.resend(id)
  await world.clock.advance('2m')
  expect(told).toEqual(['take', 'confirm', 'take', 'confirm'])
})

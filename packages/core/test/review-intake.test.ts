import { createReach, memoryStore, message } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { everybody, signal } from './support/signals.js'
import { sharedStore } from './support/shared-store.js'
import { createWorld } from './support/world.js'

describe('A recipient without an id', () => {
  it('is known by the addresses, whatever their order and the language.', async () => {
    const world = createWorld()
    const note = message('note', { content: { lamp: { text: 'x' } }, dedupe: () => 'same' })
    const channels = { lamp: signal('lamp').channel, horn: signal('horn').channel }
    const reach = world.open(createReach({ ...world.base, messages: [note], channels }))
    const first = await reach.notify('note', { lamp: 'l1', horn: 'h1', locale: 'de' })
    const again = await reach.notify('note', { horn: 'h1', locale: 'en', lamp: 'l1' })
    const other = await reach.notify('note', { horn: 'h2', lamp: 'l1' })
    expect([again.deduplicated, again.id, other.deduplicated]).toEqual([true, first.id, false])
  })
})

describe('change({ at })', () => {
  const setUp = () => {
    const world = createWorld()
    const lamp = signal('lamp')
    const offer = message('offer', { content: { lamp: { text: 'x' } }, ttl: '1h' })
    const reach = world.open(
      createReach({ ...world.base, messages: [offer], channels: { lamp: lamp.channel }, directory: everybody }),
    )
    return { ...world, reach, lamp }
  }

  it('moves the ttl along.', async () => {
    const { reach, clock, lamp, until } = setUp()
    const { id, settled } = await reach.notify('offer', 'u1', undefined, { after: '10m' })
    await reach.change(id, { at: new Date(clock.now() + 86_400_000) })
    await clock.advance('23h')
    expect(lamp.requests.length).toBe(0)
    expect(await until(settled(), 7_200_000, 60_000)).toMatchObject({ outcome: 'sent' })
  })

  it('keeps the length of a ttl that the call gave.', async () => {
    const world = createWorld()
    const parts = await memoryStore().open(world.base)
    const offer = message('offer', { content: { lamp: { text: 'x' } }, ttl: '1h' })
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [offer],
        channels: { lamp: signal('lamp').channel },
        directory: everybody,
        store: sharedStore(parts),
      }),
    )
    const { id } = await reach.notify('offer', 'u1', undefined, { after: '10m', ttl: '5m' })
    const at = world.clock.now() + 86_400_000
    await reach.change(id, { at: new Date(at) })
    const [record] = await parts.ledger.get([id])
    expect(record?.expires).toBe(at + 300_000)
  })
})

describe('The memory store', () => {
  it('keeps no pending entry of a message that was cancelled or put off.', async () => {
    const world = createWorld()
    const parts = await memoryStore().open(world.base)
    const note = message('note', { content: { lamp: { text: 'x' } } })
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [note],
        channels: { lamp: signal('lamp').channel },
        directory: everybody,
        store: sharedStore(parts),
      }),
    )
    const one = await reach.notify('note', 'u1', undefined, { after: '1h' })
    await world.clock.advance('1s')
    const two = await reach.notify('note', 'u2', undefined, { after: '1h' })
    await reach.cancel(one.id)
    expect((await parts.ledger.pending({}, 10)).length).toBe(1)
    await reach.change(two.id, { after: '2h' })
    expect((await parts.ledger.pending({}, 10)).length).toBe(1)
    expect(await world.until(two.settled(), 8_000_000, 60_000)).toMatchObject({ outcome: 'sent' })
  })
})

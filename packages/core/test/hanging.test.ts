// What an app hands in may hang: messages behind it wait, others go on, and the reason is told.
import { channel, createReach, memoryStore, message, sent } from '@reachkit/core'
import type { Directory, Gate } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sharedStore } from './support/shared-store.js'
import { everybody, signal } from './support/signals.js'
import type { Signal } from './support/signals.js'
import { createWorld } from './support/world.js'

function setUp(options: { readonly directory: Directory; readonly gates?: readonly Gate[] }) {
  const world = createWorld()
  const lamp = signal('lamp')
  const ping = message('ping', { content: { lamp: { text: 'x' } } })
  const reach = world.open(
    createReach({ ...world.base, messages: [ping], channels: { lamp: lamp.channel }, ...options }),
  )
  return { ...world, reach, requests: lamp.requests }
}

describe('A directory that hangs', () => {
  it('counts as away after a while: nobody else waits for it for ever.', async () => {
    const recipients: Directory['recipients'] = async (ids, context) =>
      ids.includes('bad') ? new Promise(() => {}) : everybody.recipients(ids, context)
    const { reach, until, clock, lines } = setUp({ directory: { recipients } })
    const bad = []
    for (let count = 0; count < 30; count += 1) {
      bad.push(await reach.notify('ping', 'bad'))
      await clock.advance(1)
    }
    const good = await reach.notify('ping', 'good')
    expect(await until(good.settled(), 120_000)).toMatchObject({ outcome: 'sent' })
    expect((await reach.get(bad[0]?.id ?? ''))?.state).toBe('waiting')
    expect(lines.some(({ message: text }) => text.includes('the directory failed'))).toBe(true)
  })
})

describe('A gate that hangs', () => {
  it('counts as away after a while, and lets nothing through.', async () => {
    const gate: Gate = { specVersion: 1, name: 'slow', phase: 'message', check: async () => new Promise(() => {}) }
    const { reach, clock, requests } = setUp({ directory: everybody, gates: [gate] })
    const { id } = await reach.notify('ping', 'u1')
    await clock.advance('12s')
    expect(await reach.get(id)).toMatchObject({ state: 'waiting', reason: { code: 'gate-failed', detail: 'slow' } })
    expect(requests).toEqual([])
  })
})

const slowText = z.object({ text: z.string() }).refine((content) => content.text !== 'bad' || new Promise(() => {}))
const slowAddress = z.string().refine((address) => address !== 'bad' || new Promise(() => {}))

/** A lamp whose schemas never answer of what is bad. */
function slowLamp(): Signal<'lamp'> {
  return channel({ name: 'lamp', address: slowAddress, content: slowText, deliver: async () => sent('1') })
}

describe('A schema of a channel that hangs', () => {
  const told = message('told', {
    data: z.object({ text: z.string() }),
    content: { lamp: { text: '{{ text }}' } },
  })

  it('counts as one that throws after a while: the message has a reason, and others of its batch go on.', async () => {
    const world = createWorld()
    const reach = world.open(createReach({ ...world.base, messages: [told], channels: { lamp: slowLamp() } }))
    const [content, address, good] = await Promise.all([
      reach.notify('told', { lamp: 'l1' }, { text: 'bad' }),
      reach.notify('told', { lamp: 'bad' }, { text: 'good' }),
      reach.notify('told', { lamp: 'l1' }, { text: 'good' }),
    ])
    await world.clock.advance('12s')
    expect(await reach.get(content.id)).toMatchObject({ outcome: 'rejected', reason: { code: 'content-invalid' } })
    expect(await reach.get(address.id)).toMatchObject({ outcome: 'rejected', reason: { code: 'address-invalid' } })
    expect(await reach.get(good.id)).toMatchObject({ outcome: 'sent' })
  })

  it('refuses nothing where the process stops before that: another one sends the message.', async () => {
    const world = createWorld()
    const parts = await memoryStore().open(world.base)
    const options = { ...world.base, messages: [told], store: sharedStore(parts) }
    const first = world.open(createReach({ ...options, channels: { lamp: slowLamp() } }))
    const { id } = await first.notify('told', { lamp: 'l1' }, { text: 'bad' })
    await world.clock.advance('1s')
    await world.until(first.stop({ timeout: '1s' }))
    expect((await parts.ledger.get([id]))[0]).toMatchObject({ state: 'waiting', step: 0 })
    const second = world.open(createReach({ ...options, channels: { lamp: signal('lamp').channel } }))
    await second.start()
    await world.clock.advance('2m')
    expect(await second.get(id)).toMatchObject({ outcome: 'sent' })
  })
})

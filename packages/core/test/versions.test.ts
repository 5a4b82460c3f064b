// Old and new versions of an app side by side on one store, as while a deploy rolls.
import { createReach, memoryStore, message } from '@reachkit/core'
import type { Gate } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sharedStore } from './support/shared-store.js'
import { everybody, signal } from './support/signals.js'
import { createWorld } from './support/world.js'

async function setUp() {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const wired = () => ({ ...world.base, store: sharedStore(parts), directory: everybody })
  const oldLamp = signal('lamp')
  const oldNote = message('note', {
    data: z.object({ name: z.string() }),
    content: { lamp: { text: 'Hello {{ name }}' } },
  })
  const old = world.open(createReach({ ...wired(), messages: [oldNote], channels: { lamp: oldLamp.channel } }))
  const newLamp = signal('lamp')
  const newDrum = signal('drum')
  const newNote = message('note', {
    data: z.object({ first: z.string() }),
    version: 2,
    upgrade: (stored) => ({ first: z.object({ name: z.string() }).parse(stored).name }),
    content: { lamp: { text: 'Hi {{ first }}' }, drum: { text: 'Hi {{ first }}' } },
  })
  const fresh = message('fresh', { content: { drum: { text: 'new' } } })
  const gates: Gate[] = []
  const start = () =>
    world.open(
      createReach({
        ...wired(),
        gates,
        messages: [newNote, fresh],
        channels: { lamp: newLamp.channel, drum: newDrum.channel },
      }),
    )
  return {
    ...world,
    parts,
    old,
    start,
    gates,
    oldLamp: oldLamp.requests,
    newLamp: newLamp.requests,
    newDrum: newDrum.requests,
  }
}

describe('Two versions side by side', () => {
  it('Nothing is rejected and nothing lost: types, schema versions and channels that only one knows.', async () => {
    const { old, start, clock, parts, oldLamp, newLamp, newDrum } = await setUp()
    const next = start()
    await next.start()
    const ids: string[] = []
    for (let round = 0; round < 30; round += 1) {
      ids.push((await old.notify('note', `old ${round}`, { name: 'Ann' })).id)
      ids.push((await next.notify('note', `new ${round}`, { first: 'Bob' })).id)
      ids.push((await next.notify('fresh', `fresh ${round}`)).id)
      await clock.advance(50)
    }
    await clock.advance('5m')
    const records = await parts.ledger.get(ids)
    expect(records.filter((record) => record?.outcome !== 'sent')).toEqual([])
    expect(oldLamp.length + newLamp.length + newDrum.length).toBe(90)
    expect(
      oldLamp.every(({ content, recipient }) => content.text === 'Hello Ann' && recipient.id.startsWith('old')),
    ).toBe(true)
    expect(newDrum.length).toBe(30)
    expect(new Set(newLamp.map(({ content }) => content.text))).toEqual(new Set(['Hi Ann', 'Hi Bob']))
    expect([...newLamp, ...newDrum].every(({ attempt }) => attempt === 1)).toBe(true)
  })

  it('What nobody knows waits for unknownFor, then it is parked with a reason.', async () => {
    const { old, start, clock, parts, until } = await setUp()
    const next = start()
    const { id } = await next.notify('fresh', 'u1', undefined, { after: '1s' })
    await until(next.stop())
    await old.start()
    await clock.advance('10m')
    expect((await parts.ledger.get([id]))[0]).toMatchObject({ state: 'waiting', reason: { code: 'type-unknown' } })
    await clock.advance('55m')
    expect((await parts.ledger.get([id]))[0]).toMatchObject({ outcome: 'parked', reason: { code: 'type-unknown' } })
  })

  it('A message that the new version has sent on to its own channel is left alone by the old one.', async () => {
    const { base, open, start, clock, until, parts, gates, newDrum } = await setUp()
    const lamp = signal('lamp')
    const before = message('note', {
      data: z.object({ first: z.string() }),
      version: 2,
      content: { lamp: { text: '{{ first }}' } },
    })
    const wired = { ...base, directory: everybody, store: sharedStore(parts) }
    const old = open(createReach({ ...wired, messages: [before], channels: { lamp: lamp.channel } }))
    gates.push({
      specVersion: 1,
      name: 'online',
      phase: 'message',
      check: (items) => items.map(() => ({ kind: 'reroute', to: ['drum'], reason: { code: 'online' } })),
    })
    gates.push({
      specVersion: 1,
      name: 'busy',
      phase: 'delivery',
      check: (items, { now }) =>
        items.map(({ note }) =>
          note === undefined
            ? { kind: 'defer', until: now + 5_000, reason: { code: 'busy' }, note: 'n' }
            : { kind: 'pass' },
        ),
    })
    const next = start()
    const { id } = await next.notify('note', 'u1', { first: 'Bob' })
    await clock.advance('1s')
    await until(next.stop())
    await old.start()
    await clock.advance('1m')
    expect((await parts.ledger.get([id]))[0]).toMatchObject({
      state: 'waiting',
      reason: { code: 'channel-unavailable' },
    })
    expect(lamp.requests).toEqual([])
    await start().start()
    await clock.advance('10s')
    expect((await parts.ledger.get([id]))[0]).toMatchObject({ outcome: 'sent' })
    expect(newDrum.length).toBe(1)
  })
})

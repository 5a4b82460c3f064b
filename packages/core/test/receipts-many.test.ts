// Receipts of more messages than evidence is noted of: what is held counts at once, notes are for what is being sent.
import { createReach, memoryStore, message, unknown } from '@reachkit/core'
import type { Ledger } from '@reachkit/core/spec'
import { expect, it } from 'vitest'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import { createWorld } from './support/world.js'

it('Receipts of 12,000 held messages in one call all count.', async () => {
  const world = createWorld()
  const ping = message('ping', { content: { lamp: { text: 'x' } } })
  const lamp = signal('lamp', () => unknown())
  const reach = world.open(createReach({ ...world.base, messages: [ping], channels: { lamp: lamp.channel } }))
  const to = Array.from({ length: 12_000 }, (_, index) => ({ lamp: `l${index}` }))
  const { ids } = await world.until(reach.notify('ping', to))
  const states = async () => new Set(await Promise.all(ids.map(async (id) => (await reach.get(id))?.state)))
  // Pushes may be lost: it takes until the sweep has repeated them all.
  for (let tries = 0; tries < 60 && lamp.requests.length < 12_000; tries += 1) await world.clock.advance('10s')
  await world.clock.advance('1s')
  expect(await states()).toEqual(new Set(['held']))
  const receipts = ids.map((messageId) => ({ messageId, channel: 'lamp', kind: 'delivered' as const }))
  const recorded = await world.until(reach.receipts.record(receipts))
  expect(recorded).toEqual({ recorded: 12_000, unmatched: 0 })
  expect(await states()).toEqual(new Set(['done']))
}, 60_000)

it('A page of receipts finds each message by the ids of its own provider.', async () => {
  const world = createWorld()
  const content = { lamp: { text: 'x' }, horn: { text: 'x' } }
  const ping = message('ping', { content, route: 'lamp' })
  const ring = message('ring', { content, route: 'horn' })
  const channels = { lamp: signal('lamp').channel, horn: signal('horn').channel }
  const reach = world.open(createReach({ ...world.base, messages: [ping, ring], channels }))
  const [one, two] = [await reach.notify('ping', { lamp: 'l1' }), await reach.notify('ring', { horn: 'h1' })]
  await world.until(Promise.all([one.settled(), two.settled()]))
  const recorded = reach.receipts.record([
    { provider: 'horn', providerId: 'horn-1', kind: 'read' },
    { provider: 'horn', providerId: 'lamp-1', kind: 'read' },
    { messageId: two.id, kind: 'opened' },
    { provider: 'lamp', providerId: 'lamp-1', kind: 'clicked' },
    { providerId: 'lamp-1', kind: 'delivered' },
  ])
  expect(await world.until(recorded)).toEqual({ recorded: 4, unmatched: 1 })
  const kinds = async (id: string) => (await reach.timeline(id)).map(({ kind }) => kind).slice(-2)
  expect(await kinds(one.id)).toEqual(['clicked', 'delivered'])
  expect(await kinds(two.id)).toEqual(['read', 'opened'])
})

it('Where the store goes away in the midst of them, what is in history counts all the same.', async () => {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const ledger = parts.ledger
  const note = ledger.note.bind(ledger)
  let pages = 0
  const failing: Ledger['note'] = async (notes) => {
    pages += 1
    if (pages > 1) throw new Error('away')
    return note(notes)
  }
  const store = sharedStore({ ...parts, ledger: Object.assign(ledger, { note: failing }) })
  const ping = message('ping', { content: { lamp: { text: 'x' } } })
  const lamp = signal('lamp', () => unknown())
  const reach = world.open(createReach({ ...world.base, store, messages: [ping], channels: { lamp: lamp.channel } }))
  const { ids } = await reach.notify(
    'ping',
    Array.from({ length: 800 }, () => ({ lamp: 'l' })),
  )
  for (let tries = 0; tries < 60 && lamp.requests.length < 800; tries += 1) await world.clock.advance('10s')
  await world.clock.advance('1s')
  const receipts = ids.map((messageId) => ({ messageId, kind: 'delivered' as const }))
  await expect(world.until(reach.receipts.record(receipts))).rejects.toThrow('away')
  await world.clock.advance('10s')
  for (const id of ids) {
    const told = (await reach.timeline(id)).some(({ kind }) => kind === 'delivered')
    expect((await reach.get(id))?.state).toBe(told ? 'done' : 'held')
  }
  expect((await reach.get(ids[0] ?? ''))?.state).toBe('done')
})

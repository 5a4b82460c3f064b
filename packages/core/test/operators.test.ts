// What operators see and do: held and parked messages, and how much waits.
import { all, createReach, firstOf, memoryStore, message, rejected, unknown } from '@reachkit/core'
import type { ConsumingGate, DeliveryOutcome } from '@reachkit/core'
import { expect, test } from 'vitest'
import { errorOf } from './support/error-of.js'
import { FakeDatabase } from './support/fake-outbox.js'
import { mortal } from './support/mortal.js'
import { sharedStore } from './support/shared-store.js'
import { signal, untyped } from './support/signals.js'
import type { Answer } from './support/signals.js'
import { createWorld } from './support/world.js'
import { mayLeaveOpen } from '../../../test/support/assert-closed.js'

// One process dies here, and closes nothing.
mayLeaveOpen('Timeout')

interface Options {
  readonly lamp?: readonly (DeliveryOutcome | Answer)[]
  readonly horn?: readonly (DeliveryOutcome | Answer)[]
  readonly gates?: readonly ConsumingGate[]
  readonly ttl?: '1h' | '30m'
}

function setUp({ lamp: lampAnswers = [], horn: hornAnswers = [], gates = [], ttl }: Options = {}) {
  const world = createWorld()
  const [lamp, horn] = [signal('lamp', lampAnswers), signal('horn', hornAnswers)]
  const content = { lamp: { text: 'x' }, horn: { text: 'x' } }
  const first = message('first', { content, route: firstOf('lamp', 'horn'), ...(ttl && { ttl }) })
  const both = message('both', { content, route: all('lamp', 'horn') })
  const channels = { lamp: lamp.channel, horn: horn.channel }
  const reach = world.open(createReach({ ...world.base, messages: [first, both], channels, gates }))
  return { ...world, reach, lamp: lamp.requests, horn: horn.requests }
}

const ann = { lamp: 'ann', horn: 'ann' }

test("resolve(id, 'sent'): it counts as sent, and the other channel is not tried", async () => {
  const { reach, until, horn, clock } = setUp({ lamp: [unknown()] })
  const { id, settled } = await reach.notify('first', ann)
  expect(await until(settled())).toMatchObject({ state: 'held' })
  expect(await reach.resolve(id, 'sent', { by: 'eve', why: 'seen in the log' })).toEqual({
    changed: 1,
    skipped: 0,
    more: false,
  })
  expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
  const events = await reach.timeline(id)
  expect(events).toContainEqual(expect.objectContaining({ kind: 'changed', detail: 'sent, eve: seen in the log' }))
  expect(events).toContainEqual(expect.objectContaining({ kind: 'done', outcome: 'sent' }))
  await clock.advance('25h')
  expect(horn).toEqual([])
})

test("resolve(id, 'not-sent'): it is tried again, under the same key", async () => {
  const { reach, until, lamp } = setUp({ lamp: [unknown()] })
  const { id, settled } = await reach.notify('first', ann)
  await until(settled())
  await reach.resolve(id, 'not-sent')
  expect(await until(settledOf(reach, id))).toMatchObject({ outcome: 'sent' })
  expect(lamp.length).toBe(2)
  expect(lamp[1]?.idempotencyKey).toBe(lamp[0]?.idempotencyKey)
})

test("resolve(id, 'give-up'): it ends as unresolved", async () => {
  const { reach, until, clock, lamp } = setUp({ lamp: [unknown()] })
  const { id, settled } = await reach.notify('first', ann)
  await until(settled())
  await reach.resolve(id, 'give-up')
  expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'unresolved' })
  await clock.advance('25h')
  expect(lamp.length).toBe(1)
})

test('of a message to two channels, what the other one came to stays', async () => {
  const { reach, until } = setUp({ lamp: [unknown(), unknown()], horn: [rejected('no'), rejected('no')] })
  const [one, two] = [await reach.notify('both', ann), await reach.notify('both', ann)]
  await until(Promise.all([one.settled(), two.settled()]))
  await reach.resolve(one.id, 'sent')
  expect(await reach.get(one.id)).toMatchObject({ state: 'done', outcome: 'partly-sent' })
  await reach.resolve(two.id, 'not-sent')
  expect(await until(settledOf(reach, two.id))).toMatchObject({ outcome: 'partly-sent' })
})

test('what gates took for it is spent where it went out, and given back where it did not', async () => {
  const ends: string[] = []
  const gate: ConsumingGate = {
    specVersion: 1,
    name: 'cap',
    phase: 'delivery',
    check: async (items) => items.map(() => ({ kind: 'pass' as const })),
    take: async (items) => items.map(() => ({ kind: 'pass' as const })),
    confirm: async (_reservation, ids) => void ends.push(...ids.map(() => 'confirm')),
    release: async (_reservation, ids) => void ends.push(...(ids ?? []).map(() => 'release')),
  }
  for (const [how, end] of [
    ['sent', 'confirm'],
    ['not-sent', 'release'],
    ['give-up', 'confirm'],
  ] as const) {
    const { reach, until } = setUp({ lamp: [unknown()], gates: [gate] })
    const { id, settled } = await reach.notify('first', ann)
    await until(settled())
    ends.length = 0
    await reach.resolve(id, how)
    expect(ends).toEqual([end])
  }
})

test('resolve by filter goes in batches up to a limit, and says how many and whether there are more', async () => {
  const { reach, until } = setUp({ lamp: Array.from({ length: 700 }, () => unknown()) })
  const people = Array.from({ length: 700 }, (_, index) => ({ lamp: `l${index}`, horn: `h${index}` }))
  const { ids } = await reach.notify('first', people, {}, { group: 'launch' })
  await until(Promise.all([...ids].map((id) => settledOf(reach, id))))
  expect(await reach.resolve({ group: 'other' }, 'sent')).toEqual({ changed: 0, skipped: 0, more: false })
  expect(await reach.resolve({ group: 'launch' }, 'sent', { limit: 300 })).toEqual({
    changed: 300,
    skipped: 0,
    more: true,
  })
  expect((await reach.held({ group: 'launch' }, { limit: 500 })).rows.length).toBe(400)
  expect(await reach.resolve({ group: 'launch' }, 'give-up')).toMatchObject({ changed: 400, more: false })
  expect((await reach.held()).rows).toEqual([])
})

test('two operators at once: each message is changed by one of them', async () => {
  const { reach, until } = setUp({ lamp: Array.from({ length: 50 }, () => unknown()) })
  const people = Array.from({ length: 50 }, (_, index) => ({ lamp: `l${index}`, horn: `h${index}` }))
  const { ids } = await reach.notify('first', people)
  await until(Promise.all([...ids].map((id) => settledOf(reach, id))))
  const [one, two] = await Promise.all([reach.resolve({}, 'sent'), reach.resolve({}, 'give-up')])
  expect(one.changed + two.changed).toBe(50)
})

test('what is not held, or not there, or no resolution, is a coded error', async () => {
  const { reach, until } = setUp()
  const { id, settled } = await reach.notify('first', ann)
  await until(settled())
  const codes = await Promise.all(
    [
      () => reach.resolve(id, 'sent'),
      () => reach.resolve('nobody.0', 'sent'),
      () => reach.resolve(id, untyped('maybe')),
      () => reach.resolve(untyped({ colour: 'red' }), 'sent'),
      () => reach.redrive(id),
      () => reach.redrive(untyped({ outcome: 'sent' })),
      () => reach.held(untyped({ limit: 5 })),
    ].map(async (call) => (await errorOf(call)).code),
  )
  expect(codes).toEqual([
    'REACH_MESSAGE_CONFLICT',
    'REACH_MESSAGE_NOT_FOUND',
    'REACH_OPTION_INVALID',
    'REACH_OPTION_INVALID',
    'REACH_MESSAGE_CONFLICT',
    'REACH_OPTION_INVALID',
    'REACH_OPTION_INVALID',
  ])
})

test('a parked message is listed, and redriven once a process knows its type', async () => {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const lamp = signal('lamp')
  const plain = message('plain', { content: { lamp: { text: 'x' } } })
  const given = { ...world.base, store: sharedStore(parts), channels: { lamp: lamp.channel } }
  const accepting = world.open(createReach({ ...given, messages: [plain], worker: false }))
  const { ids } = await accepting.notify('plain', [{ lamp: 'a' }, { lamp: 'b' }])
  const older = world.open(createReach({ ...given, messages: [], unknownFor: '1m' }))
  await older.start()
  await world.clock.advance('2m')
  expect((await older.parked()).rows.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted())
  await world.until(older.stop({ timeout: '1s' }))
  const newer = world.open(createReach({ ...given, messages: [plain] }))
  expect(await newer.redrive({ type: 'plain' }, { limit: 1, by: 'eve' })).toEqual({
    changed: 1,
    skipped: 0,
    more: true,
  })
  expect(await newer.redrive({})).toMatchObject({ changed: 1, more: false })
  await world.clock.advance('2s')
  expect(lamp.requests.map(({ to }) => to).toSorted()).toEqual(['a', 'b'])
  expect((await newer.parked()).rows).toEqual([])
})

test('a rejected message is redriven under a new key; one whose ttl is over only with a new one', async () => {
  const { reach, until, clock, lamp } = setUp({ lamp: [rejected('no')], horn: [rejected('no')], ttl: '1h' })
  const { id, settled } = await reach.notify('first', ann)
  expect(await until(settled())).toMatchObject({ outcome: 'rejected' })
  await clock.advance('59m')
  expect(await reach.redrive({ outcome: 'rejected' })).toMatchObject({ changed: 1 })
  expect(await until(settledOf(reach, id))).toMatchObject({ outcome: 'sent' })
  expect(lamp[1]?.idempotencyKey).not.toBe(lamp[0]?.idempotencyKey)

  const late = setUp({ lamp: [rejected('no')], horn: [rejected('no')], ttl: '30m' })
  const other = await late.reach.notify('first', ann)
  await late.until(other.settled())
  await late.clock.advance('31m')
  expect(await errorOf(() => late.reach.redrive(other.id))).toMatchObject({ code: 'REACH_TTL_PAST' })
})

test('redrive with a new ttl sends what has expired', async () => {
  const { reach, until, clock } = setUp({ lamp: [rejected('no')], horn: [rejected('no')], ttl: '1h' })
  const { id, settled } = await reach.notify('first', ann)
  await until(settled())
  await clock.advance('50m')
  await reach.redrive(id, { ttl: '2h' })
  expect(await until(settledOf(reach, id))).toMatchObject({ outcome: 'sent' })
})

test('stats: depth and age by lane and tenant, what is in flight, takeovers, and the backlog of the outbox', async () => {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const lamp = signal('lamp', () => new Promise(() => {}))
  const plain = message('plain', { content: { lamp: { text: 'x' } } })
  const database = new FakeDatabase(world.clock)
  const given = { ...world.base, channels: { lamp: lamp.channel }, messages: [plain], outbox: database.outbox }
  const accepting = world.open(createReach({ ...given, store: sharedStore(parts), worker: false }))
  await accepting.notify('plain', { lamp: 'a' }, {}, { priority: 'P0', tenant: 'acme' })
  await accepting.notify('plain', { lamp: 'b' })
  const tx = database.begin()
  await accepting.in(tx).notify('plain', { lamp: 'c' })
  await world.clock.advance('5s')
  const stats = await accepting.stats()
  expect(stats).toMatchObject({ inFlight: 0, takeovers: 0, spooled: undefined, outbox: { waiting: 0 } })
  expect(stats.lanes).toEqual([
    { priority: 'P0', tenant: 'acme', waiting: 1, leased: 0, oldestMs: 5_000 },
    { priority: 'P2', tenant: 'default', waiting: 1, leased: 0, oldestMs: 5_000 },
  ])
  const { store, die } = mortal(parts)
  const dying = world.open(createReach({ ...given, store }))
  await dying.start()
  await world.clock.advance('1s')
  expect((await dying.stats()).inFlight).toBe(2)
  die()
  const next = world.open(createReach({ ...given, store: sharedStore(parts) }))
  await next.start()
  await world.clock.advance('60s')
  expect((await next.stats()).takeovers).toBe(2)
})

async function settledOf(
  reach: { readonly get: (id: string) => Promise<{ readonly state: string } | undefined> },
  id: string,
): Promise<unknown> {
  for (;;) {
    const view = await reach.get(id)
    if (view?.state === 'done' || view?.state === 'held') return view
    await new Promise((resolve) => setImmediate(resolve))
  }
}

import { createReach, memoryStore, message, retry, sent } from '@reachkit/core'
import type { StoreParts } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { errorOf } from './support/error-of.js'
import { sharedStore } from './support/shared-store.js'
import { signal, untyped } from './support/signals.js'
import type { Answer, SignalOptions } from './support/signals.js'
import { createWorld } from './support/world.js'

const ping = message('ping', { content: { lamp: { text: 'x' } } })

async function setUp(answer: Answer = () => sent(), options: SignalOptions = {}) {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const engine = (answerOf: Answer = answer) => {
    const lamp = signal('lamp', answerOf, options)
    const store = sharedStore(parts)
    const reach = world.open(createReach({ ...world.base, store, messages: [ping], channels: { lamp: lamp.channel } }))
    return { reach, requests: lamp.requests }
  }
  return { ...world, parts, engine }
}

const slow =
  (ms: number): Answer =>
  (_request, { clock }) =>
    new Promise((resolve) => clock.setTimer(ms, () => resolve(sent())))
const leased = async ({ ledger }: StoreParts) => (await ledger.pending({}, 1_000)).filter((entry) => entry.leased)
const to = (count: number) => Array.from({ length: count }, (_, index) => ({ lamp: `l${index}` }))

describe('stop', () => {
  it('waits for what is being sent, leaves nothing leased, and the rest to another engine.', async () => {
    const { engine, until, clock, parts } = await setUp(slow(2_000), { capabilities: { concurrency: 10 } })
    const first = engine()
    const { ids } = await first.reach.notify('ping', to(200))
    await clock.advance(100)
    const begun = first.requests.length
    expect(begun).toBeGreaterThan(0)
    let stopped = false
    const stopping = first.reach.stop().then(() => (stopped = true))
    await clock.advance(1_500)
    expect(stopped).toBe(false)
    await until(stopping)
    expect(first.requests.length).toBe(begun)
    expect(await leased(parts)).toEqual([])
    const left = (await parts.ledger.get(ids)).filter((record) => record?.state !== 'done')
    expect(left.map((record) => record?.state)).toEqual(left.map(() => 'waiting'))
    expect(left.length).toBe(200 - begun)
    const second = engine(() => sent())
    await second.reach.start()
    await clock.advance('10s')
    expect((await parts.ledger.get(ids)).filter((record) => record?.outcome === 'sent').length).toBe(200)
    expect(second.requests.length).toBe(200 - begun)
  })

  it('ends a driver that hangs when its timeout is over: the message is held.', async () => {
    const { engine, until, clock, parts } = await setUp(() => new Promise(() => {}))
    const { reach, requests } = engine()
    const { id } = await reach.notify('ping', { lamp: 'l1' })
    await clock.advance(1)
    const started = clock.now()
    await until(reach.stop({ timeout: '3s' }), 10_000)
    expect(clock.now() - started).toBeLessThan(4_000)
    expect(requests.length).toBe(1)
    expect(await leased(parts)).toEqual([])
    expect((await parts.ledger.get([id]))[0]).toMatchObject({ state: 'held' })
  })

  it('does not wait for the turn of a driver with a rate.', async () => {
    const { engine, until, clock, parts } = await setUp(() => sent(), {
      capabilities: { rate: { count: 1, perMs: 3_600_000 } },
    })
    const { reach, requests } = engine()
    const { ids } = await reach.notify('ping', to(5))
    await clock.advance(1)
    await until(reach.stop({ timeout: '30s' }), 1_000)
    expect(requests.length).toBe(1)
    expect(await leased(parts)).toEqual([])
    expect((await parts.ledger.get(ids)).map((record) => String(record?.state)).toSorted()).toEqual([
      'done',
      'waiting',
      'waiting',
      'waiting',
      'waiting',
    ])
  })

  it('refuses every call after it, and every wait that is open.', async () => {
    const { engine, until, clock } = await setUp(() => retry(60_000))
    const { reach } = engine()
    const { settled } = await reach.notify('ping', { lamp: 'l1' })
    const waits = settled()
    const refused = errorOf(() => waits)
    await clock.advance(1)
    await until(reach.stop())
    expect((await refused).code).toBe('REACH_STOPPED')
    for (const call of [
      () => reach.notify('ping', { lamp: 'l1' }),
      () => reach.start(),
      () => reach.get('x.0'),
      () => reach.list(),
      () => reach.drain(),
    ])
      expect((await errorOf(call)).code).toBe('REACH_STOPPED')
    await until(reach.stop())
  })

  it('A call that was under way when it began is taken whole, or refused.', async () => {
    const world = createWorld()
    let answer = (): void => {}
    const slowly = message('slowly', {
      data: untyped<z.ZodObject<{ text: z.ZodString }>>({
        '~standard': {
          version: 1,
          vendor: 'test',
          validate: (value: unknown) => new Promise((resolve) => (answer = () => resolve({ value }))),
        },
      }),
      content: { lamp: { text: 'x' } },
    })
    const reach = world.open(
      createReach({ ...world.base, messages: [slowly], channels: { lamp: signal('lamp').channel } }),
    )
    await reach.start()
    const call = reach.notify('slowly', { lamp: 'l1' }, { text: 'x' })
    const refused = errorOf(() => call)
    await world.until(reach.stop())
    answer()
    expect((await refused).code).toBe('REACH_STOPPED')
  })

  it('closes each driver, whatever one of them does.', async () => {
    const closed: string[] = []
    const world = createWorld()
    const lamp = signal('lamp', [], {
      close: async () => {
        closed.push('lamp')
        throw new Error('cannot close')
      },
    })
    const horn = signal('horn', [], { close: async () => void closed.push('horn') })
    const drum = signal('drum', [], { close: () => new Promise(() => {}) })
    const three = message('three', { content: { lamp: { text: 'x' }, horn: { text: 'x' }, drum: { text: 'x' } } })
    const channels = { lamp: lamp.channel, drum: drum.channel, horn: horn.channel }
    const reach = world.open(createReach({ ...world.base, messages: [three], channels }))
    await reach.start()
    await world.until(reach.stop({ timeout: '2s' }), 10_000)
    expect(closed).toEqual(['lamp', 'horn'])
  })
})

describe('start', () => {
  it('that fails is coded, closes what it opened, and may be tried again.', async () => {
    const world = createWorld()
    const inner = memoryStore()
    let away = true
    let closed = 0
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [ping],
        channels: { lamp: signal('lamp').channel },
        store: {
          specVersion: 1,
          name: 'flaky',
          async open(context) {
            if (away) throw new Error('connect ECONNREFUSED')
            const parts = await inner.open(context)
            return { ...parts, close: async () => void (closed += 1) }
          },
        },
      }),
    )
    const error = await errorOf(() => reach.start())
    expect([error.code, String(error.cause)]).toEqual(['REACH_STORE_UNAVAILABLE', 'Error: connect ECONNREFUSED'])
    expect((await errorOf(() => reach.notify('ping', { lamp: 'l1' }))).code).toBe('REACH_STORE_UNAVAILABLE')
    away = false
    expect(await world.until((await reach.notify('ping', { lamp: 'l1' })).settled())).toMatchObject({ outcome: 'sent' })
    await world.until(reach.stop())
    expect(closed).toBe(1)
  })

  it('A store that does not take a message says so with a code; the next one is taken.', async () => {
    const world = createWorld()
    const parts = await memoryStore().open(world.base)
    let away = true
    const ledger = new Proxy(parts.ledger, {
      get(target, name) {
        if (name === 'accept' && away) return async () => Promise.reject(new Error('deadlock'))
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const store = sharedStore({ ...parts, ledger })
    const reach = world.open(
      createReach({ ...world.base, store, messages: [ping], channels: { lamp: signal('lamp').channel } }),
    )
    const error = await errorOf(() => reach.notify('ping', { lamp: 'l1' }))
    expect([error.code, String(error.cause)]).toEqual(['REACH_STORE_UNAVAILABLE', 'Error: deadlock'])
    away = false
    expect((await reach.notify('ping', { lamp: 'l1' })).deduplicated).toBe(false)
  })

  it('A full store refuses a call whole: none of it is sent.', async () => {
    const world = createWorld()
    const lamp = signal('lamp')
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [ping],
        channels: { lamp: lamp.channel },
        store: memoryStore({ maxOpen: 3 }),
      }),
    )
    const later = { after: '1h' } as const
    const calls = await Promise.allSettled([
      reach.notify('ping', to(2), undefined, { ...later, tenant: 'a' }),
      reach.notify('ping', to(2), undefined, { ...later, tenant: 'b' }),
    ])
    const taken = calls.filter(({ status }) => status === 'fulfilled').length
    expect((await reach.list()).rows.length).toBe(taken * 2)
    expect((await errorOf(() => reach.notify('ping', to(4), undefined, later))).code).toBe('REACH_STORE_FULL')
    expect((await reach.list()).rows.length).toBe(taken * 2)
  })
})

describe('drain', () => {
  it('works off what is due, answers how many, and leaves what is later.', async () => {
    const { engine, until } = await setUp(slow(300))
    const { reach } = engine()
    await reach.notify('ping', to(7))
    await reach.notify('ping', to(2), undefined, { after: '1h' })
    expect(await until(reach.drain({ maxMs: 5_000 }), 6_000, 10)).toBe(7)
    expect(await until(reach.drain(), 1_000, 10)).toBe(0)
  })

  it('ends when its time is up.', async () => {
    const { engine, until, clock } = await setUp(slow(20_000))
    const { reach } = engine()
    await reach.notify('ping', { lamp: 'l1' })
    const started = clock.now()
    expect(await until(reach.drain({ maxMs: 1_000 }), 10_000, 10)).toBe(0)
    expect(clock.now() - started).toBeLessThan(1_100)
  })
})

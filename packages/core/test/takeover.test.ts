// Workers that die: an engine that is cut off, and another one on the same store.
import { createReach, memoryStore, message, pass, sent } from '@reachkit/core'
import type { ConsumingGate, GateItem, Ledger } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { mayLeaveOpen } from '../../../test/support/assert-closed.js'
import { mortal } from './support/mortal.js'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import type { Answer, SignalOptions } from './support/signals.js'
import { lossyRun } from './support/test-store.js'
import { createWorld } from './support/world.js'

// Engines that die here close nothing: what kept their process alive is left.
mayLeaveOpen('Timeout')

const hang: Answer = () => new Promise(() => {})

async function setUp(options: { onUnknown?: 'resend'; gates?: readonly ConsumingGate[]; signal?: SignalOptions } = {}) {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const ping = message('ping', {
    content: { lamp: { text: 'x' } },
    ...(options.onUnknown && { onUnknown: options.onUnknown }),
  })
  const engine = (store: ReturnType<typeof sharedStore>, answer: Answer) => {
    const lamp = signal('lamp', answer, options.signal)
    const gates = options.gates ?? []
    const reach = createReach({ ...world.base, store, gates, messages: [ping], channels: { lamp: lamp.channel } })
    return { reach, requests: lamp.requests }
  }
  const first = mortal(parts)
  const dying = engine(first.store, hang)
  const heir = engine(sharedStore(parts), () => sent())
  world.open(heir.reach)
  return { ...world, parts, dying, die: first.die, heir }
}

const to = (count: number) => Array.from({ length: count }, (_, index) => ({ lamp: `l${index}` }))
const states = async (ledger: Ledger, ids: readonly string[]) => {
  const counts: Record<string, number> = {}
  for (const record of await ledger.get(ids)) {
    const key = record?.outcome ?? record?.state ?? 'absent'
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

describe('A worker that dies while it sends', () => {
  it('Only what was being sent is held; the rest is sent once by another one, within six seconds.', async () => {
    const { dying, die, heir, clock, parts } = await setUp()
    const { ids } = await dying.reach.notify('ping', to(300))
    await clock.advance(100)
    const inTheAir = dying.requests.length
    expect(inTheAir).toBeGreaterThan(0)
    expect(inTheAir).toBeLessThan(300)
    die()
    await heir.reach.start()
    await clock.advance(6_000)
    expect(await states(parts.ledger, ids)).toEqual({ held: inTheAir, sent: 300 - inTheAir })
    const both = [...dying.requests, ...heir.requests].map(({ id }) => id)
    expect(new Set(both).size).toBe(300)
    expect(both.length).toBe(300)
    expect((await parts.ledger.get([dying.requests[0]?.id ?? '']))[0]?.reason?.code).toBe('interrupted')
  })

  it('What was being sent is sent again where the type says so, or the provider drops a copy.', async () => {
    for (const options of [{ onUnknown: 'resend' }, { signal: { capabilities: { deduplicates: true } } }] as const) {
      const { dying, die, heir, clock, parts } = await setUp(options)
      const { ids } = await dying.reach.notify('ping', to(60))
      await clock.advance(100)
      const begun = new Map(dying.requests.map(({ id, idempotencyKey }) => [id, idempotencyKey]))
      die()
      await heir.reach.start()
      await clock.advance(15_000)
      expect(await states(parts.ledger, ids)).toEqual({ sent: 60 })
      const again = heir.requests.filter(({ id }) => begun.has(id))
      expect(again.length).toBe(begun.size)
      expect(again.every(({ id, idempotencyKey, attempt }) => begun.get(id) === idempotencyKey && attempt === 2)).toBe(
        true,
      )
    }
  })

  // By which of the two it is sent is the pool's doing.
  it.skipIf(lossyRun)('An heir that had nothing to do for a while notices as soon.', async () => {
    for (const [priority, within] of [
      ['P2', 6_000],
      ['P0', 3_000],
    ] as const) {
      for (const offset of [0, 300, 600, 900, 1_200, 1_500, 1_800]) {
        const { dying, die, heir, clock, parts } = await setUp()
        await dying.reach.start()
        await heir.reach.start()
        await clock.advance(60_000 + offset)
        const { ids } = await dying.reach.notify('ping', to(20), undefined, { priority })
        await clock.advance(10)
        expect(dying.requests.length).toBeGreaterThan(0)
        die()
        await clock.advance(within)
        expect((await states(parts.ledger, ids))['sending'] ?? 0, `${priority} after ${offset} ms`).toBe(0)
      }
    }
  })

  it('What a provider was sending that the other version does not know is held, and not sent by another.', async () => {
    const world = createWorld()
    const parts = await memoryStore().open(world.base)
    const ping = message('ping', { content: { lamp: { text: 'x' } }, onUnknown: 'resend' })
    const { store, die } = mortal(parts)
    const edison = signal('lamp', hang, { provider: 'edison' })
    const dying = createReach({ ...world.base, store, messages: [ping], channels: { lamp: edison.channel } })
    const { id } = await dying.notify('ping', { lamp: 'l1' })
    await world.clock.advance(10)
    die()
    const swan = signal('lamp', [], { provider: 'swan' })
    const heir = world.open(
      createReach({ ...world.base, store: sharedStore(parts), messages: [ping], channels: { lamp: swan.channel } }),
    )
    await heir.start()
    await world.clock.advance('1m')
    expect([edison.requests.length, swan.requests.length]).toEqual([1, 0])
    expect(await heir.get(id)).toMatchObject({ state: 'held', reason: { code: 'interrupted' } })
  })

  it('P0 is taken over sooner.', async () => {
    const { dying, die, heir, clock, parts } = await setUp()
    const { ids } = await dying.reach.notify('ping', to(100), undefined, { priority: 'P0' })
    await clock.advance(10)
    die()
    await heir.reach.start()
    await clock.advance(4_000)
    expect((await states(parts.ledger, ids))['sent']).toBeGreaterThan(0)
  })

  it('Late evidence of the one that was taken for dead resolves what is held.', async () => {
    const world = createWorld()
    const parts = await memoryStore().open(world.base)
    const ping = message('ping', { content: { lamp: { text: 'x' } } })
    let answer = (): void => {}
    const asleep = createReach({
      ...world.base,
      messages: [ping],
      channels: { lamp: signal('lamp', () => new Promise((resolve) => (answer = () => resolve(sent('p1'))))).channel },
      store: sharedStore({ ...parts, ledger: withoutRenewal(parts.ledger) }),
    })
    const { id } = await asleep.notify('ping', { lamp: 'l1' })
    await world.clock.advance(1)
    const heir = world.open(
      createReach({
        ...world.base,
        messages: [ping],
        channels: { lamp: signal('lamp').channel },
        store: sharedStore(parts),
      }),
    )
    await heir.start()
    await world.clock.advance(10_000)
    expect(await heir.get(id)).toMatchObject({ state: 'held', reason: { code: 'interrupted' } })
    answer()
    await world.clock.advance(1)
    expect(await heir.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
    await world.until(asleep.stop())
  })

  it('What gates took for it: of what never began it goes back, of what is held it stays.', async () => {
    const taken = new Set<string>()
    const budget: ConsumingGate = {
      specVersion: 1,
      name: 'budget',
      phase: 'delivery',
      check: (items) => items.map(() => pass),
      take: (items: readonly GateItem[], reservation) => {
        for (const { id } of items) taken.add(`${reservation} ${id}`)
        return items.map(() => pass)
      },
      confirm: () => {},
      release: (reservation, ids) => {
        for (const key of taken)
          if (key.startsWith(`${reservation} `) && (ids?.includes(key.split(' ')[1] ?? '') ?? true)) taken.delete(key)
      },
    }
    const { dying, die, heir, clock } = await setUp({ gates: [budget], signal: { capabilities: { concurrency: 10 } } })
    await dying.reach.notify('ping', to(40))
    await clock.advance(100)
    const inTheAir = dying.requests.length
    die()
    await heir.reach.start()
    await clock.advance(15_000)
    expect(dying.requests.length + heir.requests.length).toBe(40)
    // Of the heir's all stay too: they are confirmed, which this gate does not forget.
    expect(taken.size).toBe(40)
    expect([...taken].filter((key) => dying.requests.some(({ id }) => key.endsWith(` ${id}/lamp`))).length).toBe(
      inTheAir,
    )
  })

  it('An envelope that kills each of its workers is split, and the message that does it is parked.', async () => {
    const world = createWorld()
    const parts = await memoryStore().open(world.base)
    const ping = message('ping', { content: { lamp: { text: 'x' } } })
    const deadly = 'l3'
    let ids: readonly string[] = []
    for (let life = 0; life < 12; life += 1) {
      const { store, die } = mortal(parts)
      const lamp = signal('lamp')
      const killer: ConsumingGate['check'] = (items) => {
        if (items.some(({ address }) => address === deadly)) die()
        return items.map(() => pass)
      }
      const gate = { specVersion: 1, name: 'killer', phase: 'delivery', check: killer } as const
      const reach = createReach({
        ...world.base,
        store,
        gates: [gate],
        messages: [ping],
        channels: { lamp: lamp.channel },
      })
      if (life === 0) ids = (await reach.notify('ping', to(6))).ids
      else await reach.start()
      await world.clock.advance(30_000)
    }
    expect(await states(parts.ledger, ids)).toEqual({ sent: 5, parked: 1 })
    expect((await parts.ledger.get(ids))[3]).toMatchObject({ outcome: 'parked', reason: { code: 'crashes-exhausted' } })
  })

  it('An envelope whose workers are killed one after another, each having sent some of it, stays whole.', async () => {
    const world = createWorld()
    const parts = await memoryStore().open(world.base)
    const ping = message('ping', { content: { lamp: { text: 'x' } } })
    let ids: readonly string[] = []
    for (let life = 0; life < 6; life += 1) {
      const { store, die } = mortal(parts)
      // Ten messages get away, and the ones after them are in the air when it dies.
      const lamp = signal('lamp', (_request, _context, index) => (index < 10 ? sent() : new Promise(() => {})), {
        capabilities: { concurrency: 10 },
      })
      const reach = createReach({ ...world.base, store, messages: [ping], channels: { lamp: lamp.channel } })
      if (life === 0) ids = (await reach.notify('ping', to(200))).ids
      else await reach.start()
      await world.clock.advance(20_000)
      expect(lamp.requests.length, `of life ${life}`).toBeGreaterThan(10)
      die()
    }
    expect((await states(parts.ledger, ids))['sent']).toBeGreaterThan(40)
    const entries = await parts.ledger.pending({}, 1_000)
    expect(entries.filter(({ cargo }) => cargo.kind === 'messages' && cargo.positions.length === 1)).toHaveLength(0)
  })
})

function withoutRenewal(ledger: Ledger): Ledger {
  return new Proxy(ledger, {
    get(target, name) {
      if (name === 'renew') return async (leases: readonly unknown[]) => leases.map(() => false)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

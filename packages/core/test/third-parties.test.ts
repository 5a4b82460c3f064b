// What an app or a package of somebody else hands in, at its worst: nothing hangs, nothing else is lost.
import { channel, createReach, memoryStore, message, pass, rejected, retry, sent } from '@reachkit/core'
import type { Acceptance, ConsumingGate, Ledger, Pool, Store, StoreParts } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { signal, untyped } from './support/signals.js'
import { createWorld } from './support/world.js'

const ping = message('ping', { content: { lamp: { text: 'x' } } })

/** The same object, with other fields in the place of some. */
function over<T extends object>(part: T, fields: Partial<T>): T {
  return new Proxy(part, {
    get(target, name) {
      if (name in fields) return fields[name as keyof T]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

interface Faults {
  readonly ledger?: (real: Ledger) => Partial<Ledger>
  readonly pool?: (real: Pool) => Partial<Pool>
}

/** A memory store some verbs of which are broken. */
function broken(faults: Faults, options?: Parameters<typeof memoryStore>[0]): Store {
  const store = memoryStore(options)
  const open = async (context: Parameters<Store['open']>[0]): Promise<StoreParts> => {
    const parts = await store.open(context)
    return {
      ...parts,
      ledger: over(parts.ledger, faults.ledger?.(parts.ledger) ?? {}),
      ...(parts.pool && { pool: over(parts.pool, faults.pool?.(parts.pool) ?? {}) }),
    }
  }
  return { ...store, open }
}

/** Throws when it is called for the given time, before there is a promise. */
function throwing<Given, Answer>(time: number, real: (given: Given) => Promise<Answer>) {
  let calls = 0
  return (given: Given): Promise<Answer> => {
    calls += 1
    if (calls === time) throw new Error('not today')
    return real(given)
  }
}

function setUp(faults: Faults, lamp = signal('lamp'), options?: Parameters<typeof memoryStore>[0]) {
  const world = createWorld()
  const store = broken(faults, options)
  const reach = world.open(createReach({ ...world.base, store, messages: [ping], channels: { lamp: lamp.channel } }))
  const outcomes = async (ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await reach.get(id))?.outcome ?? 'open'))
  const errors = () => world.lines.filter(({ level }) => level === 'error').map((line) => line.message)
  return { ...world, reach, outcomes, errors }
}

describe('A store that throws before it answers a promise', () => {
  it('refuses the call with a code, and stops like any other.', async () => {
    const { reach, until } = setUp({
      ledger: (real) => ({ accept: throwing(1, async (parcels) => real.accept(parcels)) }),
    })
    await expect(reach.notify('ping', { lamp: 'l1' })).rejects.toMatchObject({ code: 'REACH_STORE_UNAVAILABLE' })
    await until(reach.stop({ timeout: '1s' }), 5_000)
  })

  it('and whose claim is no list of claims: the envelope comes again.', async () => {
    let bad = true
    const claim = (real: Ledger): Ledger['claim'] => {
      return async (request) => {
        if (!bad) return real.claim(request)
        bad = false
        return untyped(undefined)
      }
    }
    const { reach, until, errors } = setUp({ ledger: (real) => ({ claim: claim(real) }) })
    const accepted = await reach.notify('ping', { lamp: 'l1' })
    expect(await until(accepted.settled(), 120_000)).toMatchObject({ outcome: 'sent' })
    expect(errors()).toEqual(['envelopes could not be claimed; they come again'])
    await until(reach.stop({ timeout: '1s' }), 5_000)
  })
})

describe('A pool that throws before it answers a promise', () => {
  it.each([1, 2])('at push %i refuses nobody, and the sweep repeats the push.', async (time) => {
    const { reach, until, errors } = setUp(
      { pool: (real) => ({ push: throwing(time, async (envelopes) => real.push(envelopes)) }) },
      signal('lamp', [retry()]),
    )
    const accepted = await reach.notify('ping', { lamp: 'l1' })
    expect(await until(accepted.settled(), 300_000)).toMatchObject({ outcome: 'sent' })
    expect(errors()).toEqual(['a push failed; the sweep repeats it'])
  })

  it('while a settlement goes along with a begin: what was begun is sent, not held.', async () => {
    const lamp = signal('lamp', (_request, _context, index) => (index < 4 ? retry() : sent()), {
      capabilities: { concurrency: 10 },
    })
    const { reach, clock, outcomes } = setUp(
      { pool: (real) => ({ push: throwing(2, async (envelopes) => real.push(envelopes)) }) },
      lamp,
    )
    const { ids } = await reach.notify(
      'ping',
      Array.from({ length: 20 }, (_, index) => ({ lamp: `l${index}` })),
    )
    await clock.advance('300s')
    expect(new Set(await outcomes(ids))).toEqual(new Set(['sent']))
  })
})

describe('A store that is slow to say that it accepted', () => {
  it('settled() hears of a message that the sweep found and sent meanwhile.', async () => {
    const world = createWorld()
    const slow = (real: Ledger): Ledger['accept'] => {
      return async (parcels): Promise<readonly Acceptance[]> => {
        const answer = await real.accept(parcels)
        await new Promise<void>((resolve) => world.clock.setTimer(8_000, resolve))
        return answer
      }
    }
    const store = broken({ ledger: (real) => ({ accept: slow(real) }) })
    const lamp = signal('lamp')
    const reach = world.open(createReach({ ...world.base, store, messages: [ping], channels: { lamp: lamp.channel } }))
    const accepted = await world.until(reach.notify('ping', { lamp: 'l1' }))
    expect(lamp.requests.length).toBe(1)
    expect(await world.until(accepted.settled(), 60_000)).toMatchObject({ outcome: 'sent' })
  })
})

describe('A schema that answers what is no answer', () => {
  it.each([
    ['nothing', undefined],
    ['issues that are null', { issues: null }],
    ['an issue that is null', { issues: [null] }],
    ['a path that is text', { issues: [{ message: 'no', path: 'text' }] }],
  ])('%s: refuses that message and no other.', async (_name, answer) => {
    const world = createWorld()
    const validate = (value: { text: string }) => (value.text === 'bad' ? answer : { value })
    const content = untyped<typeof text>({ '~standard': { version: 1, vendor: 'odd', validate } })
    const lamp = channel({ name: 'lamp', address: z.string(), content, deliver: async () => sent() })
    const told = message('told', { data: text, content: { lamp: { text: '{{ text }}' } } })
    const reach = world.open(createReach({ ...world.base, messages: [told], channels: { lamp } }))
    const [bad, good] = await Promise.all([
      reach.notify('told', { lamp: 'l1' }, { text: 'bad' }),
      reach.notify('told', { lamp: 'l2' }, { text: 'good' }),
    ])
    expect(await world.until(good.settled())).toMatchObject({ outcome: 'sent' })
    expect(await world.until(bad.settled())).toMatchObject({ reason: { code: 'content-invalid' } })
  })
})

const text = z.object({ text: z.string() })

describe('A driver', () => {
  it('in plain JavaScript may answer at once.', async () => {
    const world = createWorld()
    const deliver = untyped<() => Promise<ReturnType<typeof sent>>>(() => sent('1'))
    const lamp = channel({ name: 'lamp', address: z.string(), content: text, deliver })
    const reach = world.open(createReach({ ...world.base, messages: [ping], channels: { lamp } }))
    const accepted = await reach.notify('ping', { lamp: 'l1' })
    expect(await world.until(accepted.settled())).toMatchObject({ outcome: 'sent' })
  })
})

describe('A gate', () => {
  it.each(['confirm', 'release'] as const)('whose %s hangs does not keep the process from stopping.', async (verb) => {
    const world = createWorld()
    const gate: ConsumingGate = {
      specVersion: 1,
      name: 'cap',
      phase: 'delivery',
      check: (items) => items.map(() => pass),
      take: async (items) => items.map(() => pass),
      confirm: async () => {},
      release: async () => {},
      [verb]: () => new Promise<void>(() => {}),
    }
    const lamp = signal('lamp', verb === 'release' ? [rejected('no')] : [])
    const reach = createReach({ ...world.base, messages: [ping], channels: { lamp: lamp.channel }, gates: [gate] })
    await reach.notify('ping', { lamp: 'l1' })
    await world.clock.advance('1s')
    await expect(world.until(reach.stop({ timeout: '1s' }), 30_000)).resolves.toBeUndefined()
  })
})

describe('The memory store', () => {
  it('shows as many done messages as it says, after resends of one instant too.', async () => {
    const { reach, clock } = setUp({}, signal('lamp'), { keepDone: 10, retention: '1h' })
    const send = async (): Promise<string> => {
      const { id } = await reach.notify('ping', { lamp: 'l1' })
      await clock.advance(0)
      return id
    }
    for (let count = 0; count < 40; count += 1) {
      await reach.resend(await send())
      await clock.advance(0)
    }
    await clock.advance('2h')
    const ids: string[] = []
    for (let count = 0; count < 8; count += 1) ids.push(await send())
    await clock.advance(10)
    expect((await Promise.all(ids.map(async (id) => reach.get(id)))).every((found) => found !== undefined)).toBe(true)
  })

  it('without room for a long list takes the single message beside it.', async () => {
    const { reach } = setUp({}, signal('lamp'), { maxOpen: 100 })
    await reach.start()
    const people = Array.from({ length: 600 }, (_, index) => ({ lamp: `l${index}` }))
    const [long, single] = await Promise.allSettled([
      reach.notify('ping', people),
      reach.notify('ping', { lamp: 'otp' }),
    ])
    expect([long.status, single.status]).toEqual(['rejected', 'fulfilled'])
  })
})

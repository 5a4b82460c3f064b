// Tasks at moments that are easy to forget: each ends, and none waits for ever.
import { at, audience, createReach, every, memoryStore, message, sent } from '@reachkit/core'
import type { AudienceFactory, Ledger, StoreParts } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { errorOf } from './support/error-of.js'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import { createWorld } from './support/world.js'
import type { World } from './support/world.js'

const plain = message('plain', { content: { lamp: { text: 'x' } } })
const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${index}`)

async function setUp(
  audiences: readonly AudienceFactory[] = [],
  change: (parts: StoreParts, world: World) => StoreParts = (p) => p,
) {
  const world = createWorld()
  const parts = change(await memoryStore({ retention: '30d' }).open(world.base), world)
  const lamp = signal('lamp', () => sent())
  let isAway = false
  const engine = (worker = true) =>
    world.open(
      createReach({
        ...world.base,
        store: sharedStore(parts),
        messages: [plain],
        channels: { lamp: lamp.channel },
        directory: async (ids) => {
          if (isAway) throw new Error('away')
          return ids.map((id) => ({ id, addresses: { lamp: id }, zone: id.split(' ')[1] }))
        },
        audiences,
        worker,
      }),
    )
  return { ...world, parts, engine, requests: lamp.requests, away: (is: boolean) => (isAway = is) }
}

function withLedger(parts: StoreParts, own: Partial<Ledger>): StoreParts {
  const ledger = new Proxy(parts.ledger, {
    get(target, name) {
      if (name in own) return own[name as keyof Ledger]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { ...parts, ledger }
}

describe('a task of which nothing is left to fire', () => {
  it('ends where it follows the clocks of its recipients, and has none', async () => {
    const { engine, clock } = await setUp()
    const task = await engine().tasks.create({
      message: 'plain',
      audience: [],
      schedule: at('2026-06-01T13:00', { zone: 'recipient' }),
    })
    await clock.advance('28h')
    expect(await task.get()).toMatchObject({ state: 'done', why: 'the audience was empty' })
  })

  it('ends where its last firing was missed, and is to be skipped', async () => {
    const { engine, until, clock } = await setUp()
    const first = engine()
    const { number } = await first.tasks.create({
      message: 'plain',
      audience: ['u1'],
      schedule: every('1h'),
      maxRuns: 1,
      missed: 'skip',
    })
    await first.stop()
    await clock.advance('3h')
    const second = engine()
    await second.start()
    expect(await until((await second.tasks.get(number)).done())).toMatchObject({ state: 'done', read: 0 })
  })

  it('ends where an edit leaves it no firing', async () => {
    const { engine, until, clock } = await setUp()
    const task = await engine().tasks.create({ message: 'plain', audience: ['u1'], schedule: every('1h') })
    await clock.advance('90m')
    await task.edit({ until: new Date(clock.now() - 1) })
    expect(await until(task.done())).toMatchObject({ state: 'done', read: 1 })
  })

  it('ends where it is paused while its last run is about to end', async () => {
    const { engine, until, clock } = await setUp()
    const task = await engine().tasks.create({ message: 'plain', audience: people(3) })
    const other = await engine(false).tasks.get(task.number)
    for (let steps = 0; steps < 400; steps += 1) {
      await clock.advance(1)
      const [run] = (await task.report()).runs
      if (run?.messages.sent === 3) break
    }
    await other.pause({ by: 'bob' })
    await clock.advance('1m')
    expect(await task.get()).toMatchObject({ state: 'paused' })
    await task.resume({ by: 'bob' })
    expect(await until(task.done())).toMatchObject({ state: 'done', messages: { sent: 3 } })
  })

  it('ends where its last two runs end at once', async () => {
    const { engine, clock, requests } = await setUp()
    const zones = ['Europe/Berlin', 'Europe/Paris', 'Europe/Rome', 'Europe/Madrid']
    const task = await engine().tasks.create({
      message: 'plain',
      audience: zones.map((zone, index) => `u${index} ${zone}`),
      schedule: at('2026-06-02T03:00', { zone: 'recipient' }),
    })
    await clock.advance('30h')
    expect(await task.report()).toMatchObject({ state: 'done', messages: { sent: 4 } })
    expect(requests).toHaveLength(4)
  })

  it('ends where its last two runs end at once in two processes', async () => {
    const zones = ['Europe/Berlin', 'Europe/Paris']
    let waiting: (() => void)[] | undefined
    const { engine, clock } = await setUp([], (parts) =>
      withLedger(parts, {
        // Both look at what is open before either closes.
        async runs(task, which) {
          const answer = await parts.ledger.runs(task, which)
          if (which.limit !== 2 || answer.length !== 2) return answer
          if (waiting === undefined) {
            await new Promise<void>((resolve) => (waiting = [resolve]))
          } else for (const go of waiting.splice(0)) go()
          return answer
        },
      }),
    )
    const task = await engine().tasks.create({
      message: 'plain',
      audience: zones.map((zone, index) => `u${index} ${zone}`),
      schedule: at('2026-06-02T03:00', { zone: 'recipient' }),
    })
    await engine().start()
    await clock.advance('30h')
    expect(await task.report()).toMatchObject({ state: 'done', messages: { sent: 2 } })
  })
})

describe('a task that is paused before its firing was begun', () => {
  it('fires once it is resumed', async () => {
    const { engine, until, clock } = await setUp()
    const task = await engine(false).tasks.create({ message: 'plain', audience: ['u1'] })
    await clock.advance('2s')
    await task.pause({ by: 'bob' })
    await clock.advance('1m')
    await task.resume({ by: 'bob' })
    const reach = engine()
    await reach.start()
    expect(await until((await reach.tasks.get(task.number)).done())).toMatchObject({
      state: 'done',
      messages: { sent: 1 },
    })
  })
})

describe('a local time of today', () => {
  it('is kept in the zones that have it ahead, and is late where it has passed', async () => {
    const { engine, clock, requests } = await setUp()
    // It is noon in UTC: two in Berlin, eight in New York.
    const two = ['u1 Europe/Berlin', 'u2 America/New_York']
    const task = await engine().tasks.create({
      message: 'plain',
      audience: two,
      schedule: at('2026-06-01T13:00', { zone: 'recipient' }),
    })
    await clock.advance('4h')
    expect(requests.map(({ to }) => to)).toEqual(['u1 Europe/Berlin'])
    await clock.advance('90m')
    expect(requests.map(({ to }) => to)).toEqual(two)
    expect(await task.get()).toMatchObject({ state: 'done' })
  })
})

describe('a task whose review takes time', () => {
  it('fires once it is approved', async () => {
    const world = createWorld()
    const lamp = signal('lamp', () => sent())
    const wait = (): Promise<void> => new Promise((resolve) => world.clock.setTimer(1_000, resolve))
    const review = async () => {
      await wait()
      return { verdict: 'ask' } as const
    }
    const approvals = [{ steps: [{ name: 'rules', review }] }]
    const reach = world.open(
      createReach({ ...world.base, messages: [plain], channels: { lamp: lamp.channel }, approvals }),
    )
    const task = await world.until(reach.tasks.create({ message: 'plain', audience: [{ lamp: 'u1' }], by: 'ann' }))
    await world.until(task.approve({ by: 'bob' }))
    expect(await world.until(task.done())).toMatchObject({ state: 'done', messages: { sent: 1 } })
  })
})

describe('zones that cannot be read', () => {
  it('are tried again, and then their task is paused with the reason', async () => {
    const failing = audience('failing', {
      async page() {
        throw new Error('secret')
      },
    })
    const { engine, clock } = await setUp([failing])
    const task = await engine().tasks.create({
      message: 'plain',
      audience: failing() as never,
      schedule: at('2026-06-02T03:00', { zone: 'recipient' }),
    })
    await clock.advance('3h')
    expect(await task.get()).toMatchObject({
      state: 'paused',
      why: expect.stringMatching(/REACH_AUDIENCE_FAILED|threw/),
    })
  })
})

describe('done()', () => {
  it('rejects where the process is stopped before the task has ended', async () => {
    const { engine, until, clock } = await setUp()
    const reach = engine()
    const task = await reach.tasks.create({ message: 'plain', audience: ['u1'], schedule: every('1h') })
    const done = errorOf(() => task.done())
    await clock.advance('1s')
    await until(reach.stop())
    await clock.advance('1s')
    expect(await done).toMatchObject({ code: 'REACH_STOPPED' })
  })
})

describe('a copy', () => {
  it('is kept alive though the store is away once', async () => {
    let failures = 0
    let saves = 0
    const { engine, clock, until } = await setUp([], (parts) =>
      withLedger(parts, {
        async saveTask(task, revision) {
          saves += 1
          if (saves === 2 && failures++ === 0) throw new Error('away')
          return parts.ledger.saveTask(task, revision)
        },
      }),
    )
    const reach = engine()
    await reach.start()
    let go = (): void => {}
    const slow = (async function* () {
      yield 'u1'
      await new Promise<void>((resolve) => (go = resolve))
      yield 'u2'
    })()
    const created = reach.tasks.create({ message: 'plain', audience: slow })
    created.catch(() => {})
    await clock.advance('5m')
    go()
    const task = await until(created)
    expect(failures).toBe(1)
    expect(await until(task.done())).toMatchObject({ messages: { sent: 2 } })
  })

  it('of a task that was cancelled meanwhile is dropped', async () => {
    const { engine, clock, parts } = await setUp()
    const reach = engine()
    const lists = new Set<string>()
    const { book } = parts
    if (book === undefined) throw new Error('the store has no book')
    const append = book.append.bind(book)
    book.append = async (list, ...rest) => {
      lists.add(list)
      return append(list, ...rest)
    }
    let go = (): void => {}
    const slow = (async function* () {
      yield 'u1'
      await new Promise<void>((resolve) => (go = resolve))
      yield 'u2'
    })()
    const refused = errorOf(() => reach.tasks.create({ message: 'plain', audience: slow, number: 'slow' }))
    await clock.advance('1s')
    await (await reach.tasks.get('slow')).cancel()
    go()
    expect(await refused).toMatchObject({ code: 'REACH_TASK_STATE' })
    expect(lists.size).toBe(1)
    for (const list of lists) expect(await book.size(list)).toBe(0)
  })
})

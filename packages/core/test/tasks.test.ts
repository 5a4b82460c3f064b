import { createReach, every, memoryStore, message, sent } from '@reachkit/core'
import type { ReachEvent } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errorOf } from './support/error-of.js'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import type { Answer } from './support/signals.js'
import { createWorld } from './support/world.js'

const sale = message('sale', {
  data: z.object({ percent: z.number() }),
  content: { lamp: { text: '{{ percent }} off' } },
})
const data = { percent: 20 }
const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${index}`)

async function setUp(answer: Answer = () => sent()) {
  const world = createWorld()
  const parts = await memoryStore({ retention: '30d' }).open(world.base)
  const events: ReachEvent[] = []
  const engine = (answerOf: Answer = answer) => {
    const lamp = signal('lamp', answerOf)
    const reach = world.open(
      createReach({
        ...world.base,
        store: sharedStore(parts),
        messages: [sale],
        channels: { lamp: lamp.channel },
        directory: async (ids) => ids.map((id) => ({ id, addresses: { lamp: `lamp of ${id}` } })),
        onEvent: (event) => events.push(event),
      }),
    )
    return { reach, requests: lamp.requests }
  }
  return { ...world, parts, events, engine }
}

describe('a task', () => {
  it('sends to everybody of its audience, once, and is done', async () => {
    const { engine, until } = await setUp()
    const { reach, requests } = engine()
    const task = await reach.tasks.create({
      message: 'sale',
      audience: people(2_345),
      data,
      number: 'spring',
      by: 'ann',
    })
    const report = await until(task.done())
    expect(new Set(requests.map(({ recipient }) => recipient.id)).size).toBe(2_345)
    expect(requests).toHaveLength(2_345)
    expect(report).toMatchObject({ state: 'done', read: 2_345, rejects: 0, messages: { sent: 2_345 }, settled: 2_345 })
    expect(report.runs).toHaveLength(1)
    const { moves } = await task.get()
    expect(moves.map(({ verb, from, to, by }) => [verb, from, to, by])).toEqual([
      ['create', undefined, 'preparing', 'ann'],
      ['prepared', 'preparing', 'active', undefined],
      ['finish', 'active', 'done', undefined],
    ])
  })

  it('sends once to who stands twice in its audience', async () => {
    const { engine, until } = await setUp()
    const { reach, requests } = engine()
    const task = await reach.tasks.create({ message: 'sale', audience: [...people(700), ...people(700)], data })
    const { messages } = await until(task.done())
    expect(requests).toHaveLength(700)
    expect(messages).toEqual({ sent: 700, duplicate: 700 })
  })

  it('has a number of its own: of two at once one is created', async () => {
    const { engine } = await setUp()
    const [{ reach }, other] = [engine(), engine()]
    const options = { message: 'sale', audience: ['u1'], data, number: 'one' } as const
    const both = await Promise.allSettled([reach.tasks.create(options), other.reach.tasks.create(options)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await errorOf(() => reach.tasks.create(options))).toMatchObject({ code: 'REACH_TASK_DUPLICATE' })
  })

  it('of nobody is done at once, and says so', async () => {
    const { engine, until } = await setUp()
    const task = await engine().reach.tasks.create({ message: 'sale', audience: [], data })
    expect(await until(task.done())).toMatchObject({ state: 'done', read: 0, why: 'the audience was empty' })
  })
})

describe('pause', () => {
  it('stops what is in the pool within a second, and resume goes on where it was', async () => {
    const { engine, clock, until } = await setUp((_request, { clock: time }) => {
      return new Promise((resolve) => time.setTimer(50, () => resolve(sent())))
    })
    const { reach, requests } = engine()
    const task = await reach.tasks.create({ message: 'sale', audience: people(20_000), data })
    await clock.advance('2s')
    await task.pause({ by: 'bob', why: 'a typo' })
    await clock.advance('1s')
    const then = requests.length
    expect(then).toBeGreaterThan(0)
    expect(then).toBeLessThan(20_000)
    await clock.advance('1h')
    expect(requests).toHaveLength(then)
    expect(await task.get()).toMatchObject({ state: 'paused', why: 'a typo' })
    await task.resume({ by: 'bob' })
    const { messages } = await until(task.done())
    expect(messages).toEqual({ sent: 20_000 })
    expect(requests).toHaveLength(20_000)
  })

  it('stops within a second what is in the middle of an envelope, at a provider that is slow', async () => {
    const { engine, clock, until } = await setUp((_request, { clock: time }) => {
      return new Promise((resolve) => time.setTimer(700, () => resolve(sent())))
    })
    const { reach, requests } = engine()
    const task = await reach.tasks.create({ message: 'sale', audience: people(3_000), data })
    await clock.advance('2s')
    await task.pause({ by: 'bob' })
    await clock.advance('1s')
    const then = requests.length
    expect(then).toBeGreaterThan(0)
    expect(then).toBeLessThan(3_000)
    await clock.advance('1m')
    expect(requests).toHaveLength(then)
    // What was not begun waits, and is nobody's.
    expect((await task.report()).messages).toEqual({ sent: then, waiting: (await task.report()).read - then })
    await task.resume({ by: 'bob' })
    expect((await until(task.done())).messages).toEqual({ sent: 3_000 })
    expect(requests).toHaveLength(3_000)
  })
})

describe('cancel', () => {
  it('ends what was not sent as cancelled', async () => {
    const { engine, clock, until } = await setUp((_request, { clock: time }) => {
      return new Promise((resolve) => time.setTimer(50, () => resolve(sent())))
    })
    const { reach, requests } = engine()
    const task = await reach.tasks.create({ message: 'sale', audience: people(20_000), data })
    await clock.advance('2s')
    await task.cancel({ by: 'bob' })
    await until(task.done())
    await clock.advance('5s')
    const { messages, read } = await task.report()
    expect(messages.sent).toBe(requests.length)
    expect((messages.sent ?? 0) + (messages.cancelled ?? 0)).toBe(read)
    expect(read).toBeLessThan(20_000)
    const { code } = await errorOf(() => task.resume())
    expect(code).toBe('REACH_TASK_STATE')
  })
})

describe('a schedule', () => {
  it('fires again and again, and ends after so many runs', async () => {
    const { engine, clock, until } = await setUp()
    const { reach, requests } = engine()
    const task = await reach.tasks.create({
      message: 'sale',
      audience: ['u1'],
      data,
      schedule: every('1h'),
      maxRuns: 3,
    })
    expect(await task.get()).toMatchObject({ state: 'scheduled' })
    await clock.advance('150m')
    expect(requests).toHaveLength(2)
    const report = await until(task.done(), 7_200_000, 60_000)
    expect(report.runs).toHaveLength(3)
    expect(requests).toHaveLength(3)
  })

  it('runs the latest of those that it missed', async () => {
    const { engine, clock, parts } = await setUp()
    const first = engine()
    await first.reach.tasks.create({ message: 'sale', audience: ['u1'], data, schedule: every('1h'), number: 'hourly' })
    await first.reach.stop()
    await clock.advance('5h')
    const second = engine()
    await second.reach.start()
    await clock.advance('1m')
    expect(second.requests).toHaveLength(1)
    const runs = await parts.ledger.runs('hourly', { limit: 10 })
    expect(runs).toHaveLength(1)
    await clock.advance('1h')
    expect(second.requests).toHaveLength(2)
  })
})

describe('a rate', () => {
  it('is kept', async () => {
    const { engine, clock } = await setUp()
    const { reach, requests } = engine()
    await reach.tasks.create({ message: 'sale', audience: people(100), data, rate: '10/s' })
    await clock.advance('5s')
    expect(requests.length).toBeGreaterThanOrEqual(45)
    expect(requests.length).toBeLessThanOrEqual(62)
  })
})

// What is kept free for P0: slots, and places at each driver.
import { createReach, memoryStore, message, sent } from '@reachkit/core'
import type { Lane } from '@reachkit/core/spec'
import { describe, expect, it } from 'vitest'
import { DriverQueue, planSlices } from '../src/dispatch/driver-queue.js'
import { Slots } from '../src/dispatch/slots.js'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import type { Answer, SignalOptions } from './support/signals.js'
import { createWorld } from './support/world.js'

const slow: Answer = (_request, { clock }) => new Promise((resolve) => clock.setTimer(100, () => resolve(sent())))
const hang: Answer = () => new Promise(() => {})
/** Runs the work of one slice when it has its places, as a worker does. */
async function runIn(
  queue: DriverQueue,
  lane: Lane,
  count: number,
  work: () => Promise<void>,
  stopping = new AbortController().signal,
): Promise<boolean> {
  if (!(await queue.take(lane, count, stopping))) return false
  await work()
  queue.give(count)
  return true
}
const to = (count: number) => Array.from({ length: count }, (_, index) => ({ lamp: `l${index}` }))

async function setUp(answer: Answer, capabilities: SignalOptions['capabilities'] = {}, concurrency?: number) {
  const world = createWorld()
  const lamp = signal('lamp', answer, { capabilities })
  const ping = message('ping', { content: { lamp: { text: 'x' } }, priority: 'P3' })
  const parts = await memoryStore().open(world.base)
  const store = sharedStore(parts)
  const reach = world.open(
    createReach({ ...world.base, store, concurrency, messages: [ping], channels: { lamp: lamp.channel } }),
  )
  const urgent = async () => reach.notify('ping', { lamp: 'urgent' }, undefined, { priority: 'P0' })
  /** How many others the driver was given before the urgent one, since there were `before`. */
  const overtakenBy = (before: number) => lamp.requests.slice(before).findIndex(({ lane }) => lane === 'P0')
  return { ...world, reach, parts, urgent, overtakenBy, requests: lamp.requests }
}

describe('A P0 message while 10,000 P3 messages flood a slow driver', () => {
  it.each([
    ['50 at once', { concurrency: 50 }, 50],
    ['5 at once', { concurrency: 5 }, 4],
    ['one at a time', { concurrency: 1 }, 1],
    ['two at once', { concurrency: 2 }, 1],
  ])('waits for no more than what is in the air (%s).', async (_name, capabilities, most) => {
    const { reach, urgent, overtakenBy, clock, requests } = await setUp(slow, capabilities)
    await reach.notify('ping', to(10_000))
    await clock.advance(1_050)
    const before = requests.length
    expect(before).toBeGreaterThan(5)
    await urgent()
    await clock.advance(210)
    expect(overtakenBy(before)).toBeGreaterThanOrEqual(0)
    expect(overtakenBy(before)).toBeLessThanOrEqual(most)
  })

  it('gets its place at once where the driver has a share for it.', async () => {
    const { reach, urgent, overtakenBy, clock, requests } = await setUp(hang, { concurrency: 10, timeoutMs: 3_600_000 })
    await reach.notify('ping', to(1_000))
    await clock.advance(10)
    const before = requests.length
    expect(before).toBe(8)
    await urgent()
    await clock.advance(1)
    expect(overtakenBy(before)).toBe(0)
    await urgent()
    await clock.advance(1)
    expect(requests.length).toBe(10)
  })
})

describe('Messages at once', () => {
  it('Large envelopes of a lower lane are few, however many were asked for, and P0 has its place beside them.', () => {
    const slots = new Slots(32)
    const large = Array.from({ length: 16 }, () => 500)
    expect(slots.roomNow('P3')).toBe(20)
    const fitting = slots.fitting('P3', large)
    expect(fitting).toBe(3)
    for (const size of large.slice(0, fitting)) slots.take(size)
    expect([slots.roomNow('P3'), slots.roomNow('P2'), slots.fitting('P2', [1])]).toEqual([0, 1, 1])
    expect(slots.fitting('P0', large)).toBe(16)
    expect(slots.roomNow('P0')).toBe(29)
    for (let count = 0; count < fitting; count += 1) slots.free(500)
    expect(slots.fitting('P3', [1, 1, 1])).toBe(3)
  })
})

describe('Envelopes at once', () => {
  it('Lower lanes leave places for the ones above, in whatever order they come.', async () => {
    const { reach, parts, urgent, clock, requests } = await setUp(hang, { concurrency: 100, timeoutMs: 3_600_000 }, 8)
    const leased = async () => (await parts.ledger.pending({}, 1_000)).filter((entry) => entry.leased).length
    const fill = async (priority: 'P1' | 'P2' | 'P3') => {
      // One envelope for each tenant, and all of them due at once.
      const calls = Array.from({ length: 20 }, async (_, index) =>
        reach.notify('ping', { lamp: 'l' }, undefined, { priority, tenant: `t${index}`, after: '1s' }),
      )
      await Promise.all(calls)
      await clock.advance('2s')
    }
    await fill('P2')
    expect(await leased()).toBe(6)
    await fill('P3')
    expect(await leased()).toBe(6)
    await fill('P1')
    expect(await leased()).toBe(7)
    await urgent()
    await clock.advance(1)
    expect(await leased()).toBe(8)
    expect(requests.some(({ lane }) => lane === 'P0')).toBe(true)
  })
})

describe('A driver with a rate', () => {
  const capabilities = { deduplicates: false, batch: 1, concurrency: 100, timeoutMs: 1 }

  it('starts no more messages in any stretch of time, and P0 has a part of it for itself.', async () => {
    const { clock } = createWorld()
    const queue = new DriverQueue({ ...capabilities, rate: { count: 10, perMs: 1_000 } }, clock)
    const started: number[] = []
    const start = async (count: number): Promise<void> => void started.push(count)
    for (let index = 0; index < 20; index += 1) void runIn(queue, 'P3', 2, () => start(2))
    await clock.advance(1)
    expect(started).toEqual([2, 2, 2, 2])
    void runIn(queue, 'P0', 2, () => start(-2))
    await clock.advance(1)
    expect(started.at(-1)).toBe(-2)
    await clock.advance('990ms')
    expect(started.length).toBe(5)
    await clock.advance('100ms')
    expect(started.length).toBe(9)
    queue.close()
  })
})

describe('A driver without a rate', () => {
  const capabilities = { deduplicates: false, batch: 1, concurrency: 10, timeoutMs: 1 }

  it('has as many messages in flight as it takes, one by one or together, and places kept for P0.', async () => {
    const { clock } = createWorld()
    const queue = new DriverQueue(capabilities, clock)
    let inFlight = 0
    const occupy = (count: number) => (): Promise<void> => {
      inFlight += count
      return new Promise(() => {})
    }
    for (let index = 0; index < 20; index += 1) void runIn(queue, 'P3', 1, occupy(1))
    await clock.advance(1)
    expect(inFlight).toBe(8)
    void runIn(queue, 'P0', 2, occupy(2))
    await clock.advance(1)
    expect(inFlight).toBe(10)
  })

  it('What waits for its turn is let go when the process stops.', async () => {
    const queue = new DriverQueue({ ...capabilities, concurrency: 1 }, createWorld().clock)
    const stopping = new AbortController()
    let free = (): void => {}
    const first = runIn(queue, 'P3', 1, () => new Promise((resolve) => (free = resolve)), stopping.signal)
    const second = runIn(queue, 'P3', 1, async () => {}, stopping.signal)
    const third = runIn(queue, 'P3', 1, async () => {}, stopping.signal)
    stopping.abort()
    expect([await second, await third]).toEqual([false, false])
    free()
    expect(await first).toBe(true)
  })
})

describe('planSlices', () => {
  it('never plans more than the driver takes, and something for everybody.', () => {
    for (let concurrency = 1; concurrency <= 300; concurrency += 1) {
      for (const batch of [1, 2, 10, 100].filter((size) => size <= concurrency)) {
        const { size, reserved, urgentSize } = planSlices({ deduplicates: false, batch, concurrency, timeoutMs: 1 })
        expect(size).toBeGreaterThanOrEqual(batch)
        expect(urgentSize).toBeGreaterThanOrEqual(1)
        expect(reserved).toBe(concurrency === 1 ? 0 : Math.max(1, Math.floor(concurrency / 5)))
        if (batch === 1 && concurrency > 2) expect(size).toBeLessThanOrEqual(concurrency - reserved)
      }
    }
  })
})

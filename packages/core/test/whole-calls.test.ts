// A call is accepted whole or not at all, however many recipients it names; and however many it names, it gives way.
import { createReach, isReachError, memoryStore, message } from '@reachkit/core'
import type { Ledger } from '@reachkit/core/spec'
import { afterEach, describe, expect, it } from 'vitest'
import { AcceptQueue } from '../src/intake/accept-queue.js'
import type { Intake } from '../src/intake/accept-queue.js'
import { SettledWaits } from '../src/settled/settled-waits.js'
import { signal } from './support/signals.js'
import { parcelOf, workClock, workTime } from './support/work-time.js'
import type { WorkTime } from './support/work-time.js'
import { createWorld } from './support/world.js'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

function measure(): WorkTime {
  const time = workTime()
  stops.push(time.stop)
  return time
}

const ping = message('ping', { content: { lamp: { text: 'x' } } })
const lamps = (count: number) => Array.from({ length: count }, (_, index) => ({ lamp: `l${index}` }))
const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'accepted',
    (error: unknown) => (isReachError(error) ? error.code : 'other'),
  )

describe('A list that the memory store has no room for', () => {
  it('is refused whole: nothing of it is stored or sent, and none of its keys is taken.', async () => {
    const world = createWorld()
    const lamp = signal('lamp')
    const store = memoryStore({ maxOpen: 12_000 })
    const reach = world.open(createReach({ ...world.base, messages: [ping], channels: { lamp: lamp.channel }, store }))
    const later = { after: '1h', idempotencyKey: 'k' } as const
    expect(await outcomeOf(reach.notify('ping', lamps(20_000), undefined, later))).toBe('REACH_STORE_FULL')
    expect((await reach.list()).rows).toEqual([])
    const { deduplicated, ids } = await reach.notify('ping', lamps(12_000), undefined, later)
    expect([deduplicated, ids.length]).toEqual([false, 12_000])
    await world.clock.advance('1m')
    expect(lamp.requests).toEqual([])
  })

  it('is refused whole beside another that has its room already, though that is not all written.', async () => {
    const time = measure()
    const { base } = createWorld()
    const { ledger, history } = await memoryStore({ maxOpen: 1_000 }).open({
      ...base,
      clock: workClock(time, base.clock),
    })
    const slow = {
      get digest() {
        time.work(0.01)
        return undefined
      },
    }
    const parcels = (name: string, count: number) =>
      Array.from({ length: count }, (_, index) => parcelOf(`${name}${index}`, 100, slow))
    const whole = ledger.accept(parcels('a', 9))
    await new Promise((resolve) => setImmediate(resolve))
    expect(await outcomeOf(ledger.accept(parcels('b', 2)))).toBe('REACH_STORE_FULL')
    expect(await outcomeOf(ledger.accept(parcels('c', 1)))).toBe('accepted')
    expect(await whole).toHaveLength(9)
    expect(await outcomeOf(ledger.accept(parcels('d', 1)))).toBe('REACH_STORE_FULL')
    expect(await history.count({}, 'state')).toEqual({ waiting: 1_000 })
    expect(time.longest()).toBeLessThanOrEqual(5)
  })
})

describe('A list of many recipients gives way after 4 ms', () => {
  it('while its messages are put into parcels, and while those who wait are told.', async () => {
    const time = measure()
    const { base } = createWorld()
    const { ledger } = await memoryStore().open(base)
    let ids = 0
    const told: string[] = []
    const queue = new AcceptQueue(
      ledger,
      () => `i${(ids += 1)}`,
      { monotonic: time.elapsed },
      {
        accepted: ({ ids: accepted }) => {
          time.work(0.5)
          told.push(...accepted)
        },
        push: (envelopes) => expect([told.length, envelopes.length]).toEqual([10_000, 20]),
      },
    )
    const [same] = parcelOf('p', 1).messages
    const intakes = Array.from({ length: 10_000 }, () => ({
      due: 0,
      message: same,
      get tenant() {
        time.work(0.004)
        return 'default'
      },
    })) as Intake[]
    const accepted = await queue.acceptAll(intakes)
    expect(accepted.map(({ id }) => id)).toEqual(told)
    expect(time.elapsed()).toBeGreaterThanOrEqual(50)
    expect(time.longest()).toBeLessThanOrEqual(5)
  })

  it('keeps each answer at its place where tenants are mixed.', async () => {
    const { base } = createWorld()
    const { ledger } = await memoryStore().open(base)
    let ids = 0
    const arrivals = { accepted: () => {}, push: () => {} }
    const queue = new AcceptQueue(ledger, () => `i${(ids += 1)}`, base.clock, arrivals)
    const [same] = parcelOf('p', 1).messages
    const intakes = Array.from({ length: 1_500 }, (_, index) => ({
      tenant: `t${index % 3}`,
      due: 0,
      message: { ...same, recipient: `u${index}` },
    })) as Intake[]
    const accepted = await queue.acceptAll(intakes)
    const records = await ledger.get(accepted.map(({ id }) => id))
    expect(records.map((record) => [record?.tenant, record?.recipient])).toEqual(
      intakes.map(({ tenant, message: { recipient } }) => [tenant, recipient]),
    )
  })
})

describe('Many who wait for settled()', () => {
  function waitsOf(time: WorkTime, clock: Parameters<typeof workClock>[1]) {
    const record = { state: 'waiting' }
    const get = async (asked: readonly string[]) => {
      time.work(asked.length * 0.002)
      return asked.map((id) => ({ ...record, id }))
    }
    const ledger = { get } as unknown as Ledger
    const release = (): void => time.work(0.01)
    return new SettledWaits({ clock: workClock(time, clock), ledger, shared: true, hold: () => {}, release })
  }

  it('are asked for page by page, a turn for each.', async () => {
    const time = measure()
    const { clock } = createWorld()
    const waits = waitsOf(time, clock)
    for (let index = 0; index < 10_000; index += 1) waits.wait(`m${index}`).catch(() => {})
    while (time.elapsed() < 20) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(300)
    while (time.elapsed() < 40) await new Promise((resolve) => setImmediate(resolve))
    expect(time.longest()).toBeLessThanOrEqual(5)
  })

  it('are refused a few at a time when everything stops.', async () => {
    const time = measure()
    const { clock } = createWorld()
    const waits = waitsOf(time, clock)
    const ends: Promise<string>[] = []
    for (let index = 0; index < 2_000; index += 1) ends.push(outcomeOf(waits.wait(`m${index}`)))
    while (time.elapsed() < 4) await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    await waits.close(new Error('stopped'))
    expect(new Set(await Promise.all(ends))).toEqual(new Set(['other']))
    expect(time.elapsed()).toBeGreaterThanOrEqual(20)
    expect(time.longest()).toBeLessThanOrEqual(5)
  })
})

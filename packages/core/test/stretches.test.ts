// No synchronous stretch over 5 ms: batch work gives way by time, not by count. Time is handed in: a unit of work
// takes as long as the test says, and what is counted is how much of it is done in one turn of the event loop.
import { createReach, memoryStore, message, sent } from '@reachkit/core'
import type { Envelope } from '@reachkit/core'
import { afterEach, describe, expect, it } from 'vitest'
import { Sweeper } from '../src/dispatch/sweeper.js'
import { everybody, signal } from './support/signals.js'
import { parcelOf, workClock, workTime } from './support/work-time.js'
import type { WorkTime } from './support/work-time.js'
import { createWorld, recordingLogger } from './support/world.js'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

function measure(): WorkTime {
  const time = workTime()
  stops.push(time.stop)
  return time
}

describe('Batch work gives way after 4 ms', () => {
  it('notify to 10,000 recipients.', async () => {
    const time = measure()
    const world = createWorld()
    const ping = message('ping', { content: { lamp: { text: 'x' } } })
    const reach = world.open(
      createReach({
        ...world.base,
        clock: workClock(time, world.clock),
        messages: [ping],
        channels: { lamp: signal('lamp').channel },
        worker: false,
      }),
    )
    // Reading one recipient takes a fiftieth of a millisecond.
    const to = Array.from({ length: 10_000 }, (_, index) => ({
      get lamp() {
        time.work(0.02)
        return `l${index}`
      },
    }))
    const { ids } = await reach.notify('ping', to)
    expect(ids.length).toBe(10_000)
    expect(time.elapsed()).toBeGreaterThanOrEqual(200)
    expect(time.longest()).toBeLessThanOrEqual(5)
  })

  it('The attempts of a slice, where a driver needs time of its own for each.', async () => {
    const time = measure()
    const world = createWorld()
    const lamp = signal('lamp', () => {
      time.work(1)
      return sent()
    })
    const ping = message('ping', { content: { lamp: { text: 'x' } } })
    const reach = world.open(
      createReach({
        ...world.base,
        clock: workClock(time, world.clock),
        messages: [ping],
        channels: { lamp: lamp.channel },
        directory: everybody,
      }),
    )
    await reach.notify(
      'ping',
      Array.from({ length: 200 }, (_, index) => `u${index}`),
    )
    while (lamp.requests.length < 200) await new Promise((resolve) => setImmediate(resolve))
    expect(time.longest()).toBeLessThanOrEqual(5)
  })

  it('Many envelopes at once have one such budget together, and an urgent one does not queue behind them.', async () => {
    const time = measure()
    const world = createWorld()
    const order: string[] = []
    const lamp = signal('lamp', ({ lane }) => {
      time.work(0.5)
      order.push(lane)
      return sent()
    })
    const ping = message('ping', { content: { lamp: { text: 'x' } }, priority: 'P3' })
    const reach = world.open(
      createReach({
        ...world.base,
        clock: workClock(time, world.clock),
        messages: [ping],
        channels: { lamp: lamp.channel },
      }),
    )
    for (let envelope = 0; envelope < 16; envelope += 1)
      await reach.notify(
        'ping',
        Array.from({ length: 100 }, () => ({ lamp: 'l' })),
      )
    const before = order.length
    await reach.notify('ping', { lamp: 'urgent' }, undefined, { priority: 'P0' })
    while (order.length < 1_601) await new Promise((resolve) => setImmediate(resolve))
    expect(time.longest()).toBeLessThanOrEqual(5)
    expect(order.indexOf('P0') - before).toBeLessThan(100)
  })
})

describe('The sweep of a long ledger', () => {
  it('looks at a bounded number of entries a turn, and at all of them in time.', async () => {
    const world = createWorld()
    const { ledger } = await memoryStore().open(world.base)
    const count = 20_000
    for (let start = 0; start < count; start += 500) await ledger.accept([parcelOf(`p${start}`, 500)])
    await world.clock.advance('3s')
    const pages: number[] = []
    const turns: number[] = []
    let turn = 0
    const tick = (): void => {
      turn += 1
      if (pages.reduce((sum, page) => sum + page, 0) < count) setImmediate(tick)
    }
    tick()
    const push = (envelopes: readonly Envelope[]): void => {
      pages.push(envelopes.length)
      turns.push(turn)
    }
    const sweeper = new Sweeper({ clock: world.clock, ledger, logger: recordingLogger([]), push, slowestMs: 1_000 })
    sweeper.start()
    await world.clock.advance('1s')
    await sweeper.stop()
    expect(pages.reduce((sum, page) => sum + page, 0)).toBe(count)
    expect(Math.max(...pages)).toBeLessThanOrEqual(1_000)
    expect(new Set(turns).size).toBe(turns.length)
  })

  it('forgets what is past its retention a bounded part at a time.', async () => {
    const world = createWorld()
    const { ledger, history } = await memoryStore({ retention: '1s', keepDone: 100_000 }).open(world.base)
    for (let start = 0; start < 20_000; start += 500) {
      const [accepted] = await ledger.accept([parcelOf(`p${start}`, 500)])
      await ledger.cancel(accepted?.ids ?? [])
    }
    await world.clock.advance('2s')
    const kept = async () => Object.values(await history.count({}, 'state')).reduce((sum, some) => sum + some, 0)
    let pages = 0
    for (let before = await kept(), more = true; more; pages += 1) {
      more = (await ledger.sweep(1_000)).more
      const after = await kept()
      expect(before - after).toBeLessThanOrEqual(1_500)
      before = after
    }
    expect(pages).toBeGreaterThan(10)
    expect(await kept()).toBe(0)
  })
})

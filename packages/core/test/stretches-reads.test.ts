// No synchronous stretch over 5 ms, however much the memory store keeps: reads give way by time.
import { memoryStore } from '@reachkit/core'
import type { HistoryEvent } from '@reachkit/core/spec'
import { afterEach, describe, expect, it } from 'vitest'
import { parcelOf, workClock, workTime } from './support/work-time.js'
import { createWorld } from './support/world.js'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

const parcels = 80
const each = 50
const lookMs = 0.01
const all = parcels * each * lookMs

/** A store of 4,000 messages, where a look at the type of one takes a hundredth of a millisecond. */
async function filledStore() {
  const time = workTime()
  stops.push(time.stop)
  const { base } = createWorld()
  const parts = await memoryStore().open({ ...base, clock: workClock(time, base.clock) })
  const slow = {
    get type() {
      time.work(lookMs)
      return 'ping'
    },
  }
  const ids: string[] = []
  for (let index = 0; index < parcels; index += 1) {
    const [accepted] = await parts.ledger.accept([parcelOf(`p${index}`, each, slow)])
    ids.push(...(accepted?.ids ?? []))
  }
  return { ...parts, ids, time }
}

describe('What the memory store is asked gives way after 4 ms', () => {
  it('history.list, and answers the newest first all the same.', async () => {
    const { history, ids, time } = await filledStore()
    const { rows, next } = await history.list({ type: 'ping' }, { limit: 5 })
    expect(rows.map(({ id }) => id)).toEqual(ids.slice(-5).toReversed())
    const after = await history.list({ type: 'ping' }, { limit: 5, ...(next !== undefined && { after: next }) })
    expect(after.rows.map(({ id }) => id)).toEqual(ids.slice(-10, -5).toReversed())
    expect(time.elapsed()).toBeGreaterThanOrEqual(all)
    expect(time.longest()).toBeLessThanOrEqual(5)
  })

  it('history.count.', async () => {
    const { history, time } = await filledStore()
    expect(await history.count({ type: 'ping' }, 'state')).toEqual({ waiting: parcels * each })
    expect(time.elapsed()).toBeGreaterThanOrEqual(all)
    expect(time.longest()).toBeLessThanOrEqual(5)
  })

  it('The timelines of many messages, and of one recipient.', async () => {
    const { history, ledger, ids, time } = await filledStore()
    const opened: HistoryEvent = {
      step: 0,
      at: 1,
      get kind() {
        time.work(lookMs)
        return 'opened' as const
      },
    }
    for (const id of ids) {
      await ledger.note([{ id, events: [opened] }])
      await new Promise((resolve) => setImmediate(resolve))
    }
    const before = time.elapsed()
    expect(await history.timeline(ids)).toHaveLength(2 * ids.length)
    expect(await history.timelineOf('u1', 'default', 10)).toHaveLength(10)
    expect(time.elapsed() - before).toBeGreaterThanOrEqual(2 * all)
    expect(time.longest()).toBeLessThanOrEqual(5)
  })

  it('ledger.pending, soonest first.', async () => {
    const { ledger, time } = await filledStore()
    const filter = {
      get lane() {
        time.work(lookMs)
        return 'P2' as const
      },
    }
    expect(await ledger.pending(filter, 3)).toMatchObject([{ id: 'p0-0' }, { id: 'p0-1' }, { id: 'p0-2' }])
    expect(time.elapsed()).toBeGreaterThanOrEqual(all)
    expect(time.longest()).toBeLessThanOrEqual(5)
  })
})

describe('A list that is read by pages while messages move on', () => {
  it('goes on behind a message that fits its filter no more.', async () => {
    const { history, ledger, ids } = await filledStore()
    const waiting = { state: 'waiting' } as const
    const { next = '' } = await history.list(waiting, { limit: 5 })
    await ledger.cancel([next])
    const { rows } = await history.list(waiting, { limit: 5, after: next })
    expect(rows.map(({ id }) => id)).toEqual(ids.slice(-10, -5).toReversed())
  })
})

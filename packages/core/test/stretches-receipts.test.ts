// No synchronous stretch over 5 ms, however many receipts come in one call. A ledger in this process works on what it is
// handed in one go, so it is handed a page at a time; that is still a batch for one on a server.
import { createReach, memoryStore, message, unknown } from '@reachkit/core'
import type { Store } from '@reachkit/core'
import type { Ledger } from '@reachkit/core/spec'
import { afterEach, expect, it } from 'vitest'
import { signal } from './support/signals.js'
import { workClock, workTime } from './support/work-time.js'
import type { WorkTime } from './support/work-time.js'
import { createWorld } from './support/world.js'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** A memory store that works for a two-hundredth of a millisecond on each message it is asked about; notes how many. */
function workingStore(time: WorkTime, asked: number[]): Store {
  const work = <T extends readonly unknown[]>(items: T): T => {
    asked.push(items.length)
    time.work(items.length / 200)
    return items
  }
  const inner = memoryStore()
  return {
    ...inner,
    async open(context) {
      const parts = await inner.open(context)
      const { ledger } = parts
      const own: Partial<Ledger> = {
        get: async (ids) => ledger.get(work(ids)),
        note: async (notes) => ledger.note(work(notes)),
        change: async (changes) => ledger.change(work(changes)),
      }
      const working = new Proxy(ledger, {
        get(target, name) {
          const value: unknown = Reflect.get(name in own ? own : target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
      return { ...parts, ledger: working }
    },
  }
}

const count = 9_000

async function heldMessages() {
  const time = workTime()
  stops.push(time.stop)
  const asked: number[] = []
  const world = createWorld()
  const reach = world.open(
    createReach({
      ...world.base,
      clock: workClock(time, world.clock),
      store: workingStore(time, asked),
      messages: [message('ping', { content: { lamp: { text: 'x' } } })],
      channels: { lamp: signal('lamp', () => unknown()).channel },
    }),
  )
  const to = Array.from({ length: count }, (_, index) => ({ lamp: `l${index}` }))
  const { ids, settled } = await world.until(reach.notify('ping', to))
  await world.until(settled())
  return { reach, ids, asked, time }
}

it('Receipts of 9,000 held messages in one call give way after 4 ms.', async () => {
  const { reach, ids, asked, time } = await heldMessages()
  asked.splice(0)
  const before = time.elapsed()
  // Reading the kind of a receipt takes a hundredth of a millisecond, each time.
  const receipts = ids.map((messageId) => ({
    messageId,
    channel: 'lamp',
    get kind() {
      time.work(0.01)
      return 'delivered' as const
    },
  }))
  expect(await reach.receipts.record(receipts)).toEqual({ recorded: count, unmatched: 0 })
  expect((await reach.get(ids.at(-1) ?? ''))?.state).toBe('done')
  expect(time.elapsed() - before).toBeGreaterThanOrEqual(300)
  expect(time.longest()).toBeLessThanOrEqual(5)
  expect(Math.max(...asked)).toBeLessThanOrEqual(500)
  // Four calls a page.
  expect(asked.length).toBeLessThanOrEqual((4 * count) / 200)
})

it('Thousands of receipts of one message give way, too.', async () => {
  const { reach, ids, time } = await heldMessages()
  const [messageId = ''] = ids
  const receipts = Array.from({ length: 3_000 }, (_, at) => ({
    messageId,
    at,
    get kind() {
      time.work(0.01)
      return 'sent' as const
    },
  }))
  expect(await reach.receipts.record(receipts)).toEqual({ recorded: 3_000, unmatched: 0 })
  expect((await reach.get(messageId))?.state).toBe('done')
  expect(time.longest()).toBeLessThanOrEqual(5)
})

import assert from 'node:assert/strict'
import type { BookEvent, Segment } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import type { BookSubject } from '../subject.js'
import { idsOf, person, tenant } from './people.js'

function event(recipient: string, at: number, over: Partial<BookEvent> = {}): BookEvent {
  return { recipient, name: 'order.paid', at, id: `${recipient}-${at}`, ...over }
}

export const eventCases: readonly ConformanceCase<BookSubject>[] = [
  {
    name: 'events: those at an instant or later',
    promise:
      'How many events of this name each recipient has, at `since` or later: in the future too. One answer each.',
    async run(subject) {
      const { book } = subject
      const now = await subject.now()
      const at = [now - 5_000, now - 1_001, now - 1_000, now, now + 60_000]
      await book.record(
        tenant,
        at.map((one) => event('a', one)),
      )
      await book.record(tenant, [event('b', now - 1_000), event('b', now, { name: 'Order.paid' })])
      const counts = async (since: number, name = 'order.paid'): Promise<readonly number[]> =>
        (subject.peer?.book ?? book).events(tenant, name, ['b', 'nobody', 'a', 'A', 'b'], since)
      assert.deepEqual(await counts(0), [1, 0, 5, 0, 1])
      assert.deepEqual(await counts(now - 1_001), [1, 0, 4, 0, 1])
      assert.deepEqual(await counts(now - 1_000), [1, 0, 3, 0, 1])
      assert.deepEqual(await counts(now - 999), [0, 0, 2, 0, 0])
      assert.deepEqual(await counts(now + 60_001), [0, 0, 0, 0, 0])
      assert.deepEqual(await counts(0, 'Order.paid'), [1, 0, 0, 0, 1])
      assert.deepEqual(await counts(0, 'order'), [0, 0, 0, 0, 0])
      assert.deepEqual(await book.events(tenant, 'order.paid', [], 0), [])
    },
  },
  {
    name: 'record: told twice, kept once',
    promise: 'An event is known by recipient, name and id: of two that are alike in these the first stays.',
    async run(subject) {
      const { book } = subject
      const now = await subject.now()
      const first = event('a', now - 1_000, { id: 'e' })
      await book.record(tenant, [first, { ...first, at: now }])
      await book.record(tenant, [{ ...first, at: now - 9_000 }, event('a', now, { id: 'E' })])
      await (subject.peer?.book ?? book).record(tenant, [first])
      assert.deepEqual(await book.events(tenant, 'order.paid', ['a'], now - 9_000), [2])
      assert.deepEqual(await book.events(tenant, 'order.paid', ['a'], now - 999), [1], 'the first stays')
      await book.record(tenant, [
        { ...first, recipient: 'b' },
        { ...first, name: 'left' },
      ])
      assert.deepEqual(await book.events(tenant, 'order.paid', ['a', 'b'], now - 9_000), [2, 1])
      assert.deepEqual(await book.events(tenant, 'left', ['a', 'b'], 0), [1, 0])
    },
  },
  {
    name: 'record: 5,000 at once, of 500 recipients, and none',
    promise: '`record` takes at most 5,000 of its own, `events` at most 500 ids. None of any is no error.',
    async run({ book, now }) {
      const at = await now()
      const ids = Array.from({ length: 500 }, (_, index) => `u${index}`)
      await book.record(
        tenant,
        ids.flatMap((id) => Array.from({ length: 10 }, (_, before) => event(id, at - before))),
      )
      await book.record(tenant, [])
      assert.deepEqual(
        await book.events(tenant, 'order.paid', ids, at - 6),
        ids.map(() => 7),
      )
    },
  },
  {
    name: 'record: names and ids that have to be quoted',
    promise: 'Ids, names of events and lists are told apart by code points.',
    async run({ book, now }) {
      const at = await now()
      const odd = ['a', 'A', 'a ', `it's`, '"a"', 'a%', 'a_', 'a:b', 'a\nb', 'é', 'e\u0301', '😀', '中'.repeat(85)]
      await book.record(
        tenant,
        odd.flatMap((name) => odd.map((id) => ({ recipient: name, name, at, id }))),
      )
      for (const name of odd) {
        const counts = odd.map((other) => (other === name ? odd.length : 0))
        assert.deepEqual(await book.events(tenant, name, odd, 0), counts, `the name ${JSON.stringify(name)}`)
      }
    },
  },
  {
    name: 'remove: takes the events along',
    promise: 'With their events. Unknown recipients may have events too.',
    async run({ book, now }) {
      const at = await now()
      await book.upsert(tenant, [person('a'), person('b')])
      await book.record(
        tenant,
        ['a', 'b', 'unknown'].map((id) => event(id, at)),
      )
      await book.remove(tenant, ['a', 'unknown'])
      assert.deepEqual(await book.events(tenant, 'order.paid', ['a', 'b', 'unknown'], 0), [0, 1, 0])
      await book.upsert(tenant, [person('a')])
      assert.deepEqual(await book.events(tenant, 'order.paid', ['a'], 0), [0])
      await book.record(tenant, [event('a', at)])
      assert.deepEqual(await book.events(tenant, 'order.paid', ['a'], 0), [1], 'as if it had never been there')
    },
  },
  {
    name: 'segment: so many events lately',
    promise: 'So many events of a name lately: those at `windowStart` or later.',
    async run(subject) {
      const { book } = subject
      const now = await subject.now()
      await book.upsert(
        tenant,
        ['a', 'b', 'c', 'none'].map((id) => person(id, { groups: id === 'c' ? ['g'] : [] })),
      )
      await book.record(tenant, [
        ...[now - 3_000, now - 1_000, now].map((at) => event('a', at)),
        event('b', now - 1_000),
        event('c', now - 1_001),
        event('none', now, { name: 'left' }),
        event('unknown', now),
      ])
      const rows: readonly (readonly [Segment, readonly string[]])[] = [
        [{ event: 'order.paid' }, ['a', 'b', 'c']],
        [{ event: 'order.paid', times: 2 }, ['a']],
        [{ event: 'order.paid', times: 3 }, ['a']],
        [{ event: 'order.paid', times: 4 }, []],
        [{ event: 'order.paid', withinMs: 1_000 }, ['a', 'b']],
        [{ event: 'order.paid', withinMs: 999 }, ['a']],
        [{ event: 'order.paid', withinMs: 1_001 }, ['a', 'b', 'c']],
        [{ event: 'order.paid', times: 2, withinMs: 1_000 }, ['a']],
        [{ event: 'order.paid', withinMs: Number.MAX_SAFE_INTEGER }, ['a', 'b', 'c']],
        [{ event: 'never' }, []],
        [{ not: { event: 'order.paid' } }, ['none']],
        [{ not: { event: 'order.paid', withinMs: 999 } }, ['b', 'c', 'none']],
        [{ all: [{ event: 'order.paid' }, { not: { group: 'g' } }] }, ['a', 'b']],
        [{ any: [{ event: 'left' }, { event: 'order.paid', times: 3 }] }, ['a', 'none']],
      ]
      for (const [segment, ids] of rows) {
        assert.deepEqual(await idsOf(subject, { segment, now }), ids, `the segment ${JSON.stringify(segment)}`)
        assert.deepEqual(await idsOf(subject, { segment, now, limit: 1 }), ids)
      }
      assert.deepEqual(await idsOf(subject, { segment: { event: 'order.paid', withinMs: 1_000 }, now: now + 1 }), ['a'])
    },
  },
]

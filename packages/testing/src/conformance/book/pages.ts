import assert from 'node:assert/strict'
import type { Segment } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import type { BookSubject } from '../subject.js'
import { idsOf, nextPage, person, selected, tenant } from './people.js'

/** Ids as bytes of UTF-8 order them; JavaScript's own order has the emoji before U+FFEE, a database's has `a` beside `A`. */
const ordered = ['!', '10', '9', 'A', 'B', '_', 'a', 'a ', 'a!', 'aa', 'b', 'z', 'é', 'ö', '中', '\uffee', '😀', '😁']

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `u${String(index).padStart(3, '0')}`)

export const pageCases: readonly ConformanceCase<BookSubject>[] = [
  {
    name: 'page: in the order of bytes',
    promise: '`page` answers in the order of ids, by bytes of UTF-8 (`compareTexts`).',
    async run(subject) {
      await subject.book.upsert(
        tenant,
        ordered.toReversed().map((id) => person(id)),
      )
      assert.deepEqual(await idsOf(subject), ordered)
      for (const limit of [1, 3, 5_000]) assert.deepEqual(await idsOf(subject, { limit }), ordered)
      const grouped: Segment = { not: { group: 'nobody' } }
      assert.deepEqual(await idsOf(subject, { limit: 4, segment: grouped }), ordered)
    },
  },
  {
    name: 'page: behind an id that need not be there',
    promise: 'Behind `after`, which need not be the id of anybody.',
    async run(subject) {
      await subject.book.upsert(
        tenant,
        ordered.map((id) => person(id)),
      )
      for (const after of ['', ' ', 'A', 'a', 'ab', 'é', '\uffee\uffee', '😀', '😀😀', '\u{10ffff}']) {
        const behind = ordered.filter((id) => Buffer.compare(Buffer.from(id), Buffer.from(after)) > 0)
        const { profiles } = await nextPage(subject, after)
        assert.deepEqual(
          profiles.map(({ id }) => id),
          behind,
          `behind '${after}'`,
        )
      }
    },
  },
  {
    name: 'page: of a segment, to its end',
    promise: 'A page may be shorter than asked for, or empty, though it is not the last.',
    async run(subject) {
      const ids = numbered(120)
      await subject.book.upsert(
        tenant,
        ids.map((id, index) => person(id, { groups: index % 40 === 39 ? ['rare'] : [], attributes: { index } })),
      )
      const segments: readonly (readonly [Segment, readonly string[]])[] = [
        [{ group: 'rare' }, ['u039', 'u079', 'u119']],
        [{ attribute: 'index', in: [0, 60, 119] }, ['u000', 'u060', 'u119']],
        [{ all: [{ group: 'rare' }, { attribute: 'index', above: 40 }] }, ['u079', 'u119']],
        [{ any: [] }, []],
      ]
      for (const limit of [1, 7, 40, 120, 1_000])
        for (const [segment, expected] of segments) assert.deepEqual(await idsOf(subject, { segment, limit }), expected)
    },
  },
  {
    name: 'page: each once, while others change',
    promise: 'Each once, however others change meanwhile.',
    async run(subject) {
      const { book } = subject
      const other = subject.peer?.book ?? book
      const ids = numbered(60)
      await book.upsert(
        tenant,
        ids.map((id) => person(id, { groups: ['g'] })),
      )
      const seen: string[] = []
      for (let after: string | undefined = ''; after !== undefined; ) {
        const { profiles, next } = await nextPage(subject, after, { limit: 10, segment: { group: 'g' } })
        seen.push(...profiles.map(({ id }) => id))
        after = next
        // Before the cursor one comes and one goes; behind it one changes and one goes.
        await other.upsert(tenant, [
          person(`t${seen.length}`, { groups: ['g'] }),
          person('u059', { groups: ['g', 'h'] }),
        ])
        await other.remove(tenant, ['u000', 'u045'])
      }
      assert.deepEqual(
        seen,
        ids.filter((id) => id !== 'u045'),
      )
    },
  },
  {
    name: 'page: of nobody',
    promise: 'Undefined at the end.',
    async run(subject) {
      assert.deepEqual(await selected(subject), [])
      assert.deepEqual(await idsOf(subject, { segment: { group: 'g' } }), [])
      await subject.book.upsert(tenant, [person('a')])
      assert.deepEqual((await nextPage(subject, 'a')).profiles, [])
      await subject.book.remove(tenant, ['a'])
      assert.deepEqual(await idsOf(subject), [])
    },
  },
  {
    name: 'count: of a segment, where the store counts',
    promise: 'How many the segment has, where the store can count them by itself; undefined otherwise. Exact.',
    async run(subject) {
      const { book } = subject
      await book.upsert(
        tenant,
        numbered(30).map((id, index) => person(id, { groups: index < 7 ? ['g'] : [], attributes: { index } })),
      )
      const count = async (segment?: Segment): Promise<number | undefined> =>
        book.count({ tenant, now: 0, ...(segment && { segment }) })
      const expected: readonly (readonly [Segment | undefined, number])[] = [
        [undefined, 30],
        [{ group: 'g' }, 7],
        [{ not: { group: 'g' } }, 23],
        [{ attribute: 'index', atLeast: 5, below: 10 }, 5],
        [{ all: [{ group: 'g' }, { attribute: 'index', atLeast: 5 }] }, 2],
        [{ any: [] }, 0],
      ]
      for (const [segment, number] of expected) {
        const counted = await count(segment)
        assert([undefined, number].includes(counted), `${counted} of ${JSON.stringify(segment)}, not ${number}`)
      }
      await book.remove(tenant, ['u000'])
      assert([undefined, 29].includes(await count()))
    },
  },
  {
    name: 'zones: each once, of those who are there',
    promise: 'The zones of all recipients of the tenant, each once in any order, null for who has none.',
    async run({ book }) {
      const zones = async (): Promise<readonly (string | null)[]> =>
        (await book.zones(tenant)).toSorted((a, b) => String(a).localeCompare(String(b)))
      assert.deepEqual(await zones(), [])
      await book.upsert(tenant, [
        person('a', { zone: 'UTC' }),
        person('b', { zone: 'UTC' }),
        person('c', { zone: 'Asia/Tokyo' }),
      ])
      assert.deepEqual(await zones(), ['Asia/Tokyo', 'UTC'])
      await book.upsert(tenant, [person('c'), person('d')])
      assert.deepEqual(await zones(), [null, 'UTC'])
      await book.upsert(tenant, [person('a', { zone: 'Asia/Tokyo' })])
      await book.remove(tenant, ['c', 'd'])
      assert.deepEqual(await zones(), ['Asia/Tokyo', 'UTC'])
      await book.remove(tenant, ['b'])
      assert.deepEqual(await zones(), ['Asia/Tokyo'])
    },
  },
  {
    name: 'tenants share nothing',
    promise: 'Tenants share nothing.',
    async run(subject) {
      const { book } = subject
      await book.upsert(tenant, [person('a', { groups: ['g'], zone: 'UTC' })])
      await book.upsert('other', [person('a', { locale: 'de', groups: ['h'] }), person('b')])
      await book.upsert('Acme', [person('c')])
      const at = await subject.now()
      await book.record(tenant, [{ recipient: 'a', name: 'paid', at, id: 'e' }])
      await book.record('other', [
        { recipient: 'a', name: 'paid', at, id: 'e' },
        { recipient: 'a', name: 'paid', at, id: 'f' },
      ])
      const of = { tenant: 'other' }
      assert.deepEqual(await idsOf(subject), ['a'])
      assert.deepEqual(await idsOf(subject, of), ['a', 'b'])
      assert.deepEqual(await idsOf(subject, { segment: { group: 'h' } }), [])
      assert.deepEqual(await idsOf(subject, { ...of, segment: { group: 'h' } }), ['a'])
      assert.deepEqual(await idsOf(subject, { ...of, segment: { event: 'paid', times: 2 } }), ['a'])
      assert.deepEqual(await idsOf(subject, { segment: { event: 'paid', times: 2 } }), [])
      assert.deepEqual(await book.zones('other'), [null])
      assert.deepEqual(await book.zones(tenant), ['UTC'])
      assert.deepEqual(await book.events(tenant, 'paid', ['a'], 0), [1])
      assert.equal(await book.remove('other', ['a', 'b']), 2)
      assert.deepEqual(await idsOf(subject), ['a'])
      assert.deepEqual(await book.events(tenant, 'paid', ['a'], 0), [1])
      assert.deepEqual(await book.events('other', 'paid', ['a'], 0), [0])
      assert.deepEqual(await idsOf(subject, { tenant: 'nobody' }), [])
    },
  },
]

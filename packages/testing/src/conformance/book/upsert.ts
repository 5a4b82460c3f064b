import assert from 'node:assert/strict'
import { compareTexts, lanes } from '@reachkit/core/spec'
import type { Profile } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { BookSubject } from '../subject.js'
import { idsOf, inOrder, person, plain, selected, tenant } from './people.js'

/** Everything that a profile can say, with names and texts that a store has to quote. */
const whole: Profile = {
  id: `U "1'%_😀`,
  addresses: { email: 'ann@example.com', sms: '+4915112345678', push: { token: 't', platform: 'ios' }, none: null },
  locale: 'de-AT',
  zone: 'Europe/Vienna',
  groups: ['staff', 'vip', "it's"],
  attributes: {
    plan: { name: 'gold', 'since.year': 2024, tags: ['a', null, 1.5, true, { b: [] }] },
    'o\'brien"%': 'x\\y\t\n',
    empty: {},
    zero: 0,
    big: 2 ** 53 - 1,
    tiny: 1e-7,
    nothing: null,
    text: 'ünï 😀 \uffee',
  },
  devices: [{ platform: 'ios', version: '17.1', tokens: ['a', 'b'] }, {}],
}

async function read({ book }: BookSubject, ids: readonly string[]): Promise<readonly Profile[]> {
  return book.recipients(tenant, ids)
}

function many(count: number, over: (index: number) => Partial<Profile> = () => ({})): readonly Profile[] {
  return Array.from({ length: count }, (_, index) => person(`u${String(index).padStart(5, '0')}`, over(index)))
}

export const upsertCases: readonly ConformanceCase<BookSubject>[] = [
  {
    name: 'upsert: a profile comes back as it was given',
    promise: 'A profile comes back as it was given: JSON, whatever its names and its size.',
    async run(subject) {
      const least: Profile = { id: 'least', addresses: {} }
      const long = person('é'.repeat(256), {
        attributes: { text: 'ab😀'.repeat(50_000), list: Array(5_000).fill('x') },
      })
      await subject.book.upsert(tenant, [whole, least, long])
      for (const profile of [whole, least, long])
        assert.deepEqual(plain(only(await read(subject, [profile.id]))), plain(profile))
      const paged = await selected(subject)
      assert.deepEqual(paged.map(plain), [whole, least, long].toSorted((a, b) => compareTexts(a.id, b.id)).map(plain))
    },
  },
  {
    name: 'upsert: replaces each whole',
    promise: '`upsert` replaces each recipient whole: with its groups and zone.',
    async run(subject) {
      await subject.book.upsert(tenant, [
        { ...whole, id: 'a' },
        { ...whole, id: 'b' },
      ])
      const after: Profile = {
        id: 'a',
        addresses: { sms: '+1' },
        attributes: { plan: 'silver' },
        groups: ['vip', 'new'],
      }
      await subject.book.upsert(tenant, [after])
      assert.deepEqual(plain(only(await read(subject, ['a']))), plain(after))
      assert.deepEqual(plain(only(await read(subject, ['b']))), plain({ ...whole, id: 'b' }))
      const held = async (group: string): Promise<readonly string[]> => idsOf(subject, { segment: { group } })
      assert.deepEqual(await held('staff'), ['b'])
      assert.deepEqual(await held('vip'), ['a', 'b'])
      assert.deepEqual(await held('new'), ['a'])
      assert.deepEqual(await idsOf(subject, { segment: { zone: ['Europe/Vienna'] } }), ['b'])
      assert.deepEqual(await idsOf(subject, { segment: { attribute: 'plan.name', is: 'gold' } }), ['b'])
      assert.deepEqual(await idsOf(subject, { segment: { attribute: 'plan', is: 'silver' } }), ['a'])
      await subject.book.upsert(tenant, [{ id: 'a', addresses: {} }])
      assert.deepEqual(plain(only(await read(subject, ['a']))), { id: 'a', addresses: {} })
      assert.deepEqual(await held('new'), [])
      assert.deepEqual(await idsOf(subject), ['a', 'b'])
    },
  },
  {
    name: 'upsert: the last of one id stays',
    promise: 'In the order given: the last of one id is the one that stays.',
    async run(subject) {
      const [first, second, third] = ['first', 'second', 'third'].map((word) => person('a', { groups: [word] }))
      assert(first && second && third)
      await subject.book.upsert(tenant, [first, person('b'), second, person('c'), third])
      assert.deepEqual(plain(only(await read(subject, ['a']))), plain(third))
      for (const group of ['first', 'second']) assert.deepEqual(await idsOf(subject, { segment: { group } }), [])
      assert.deepEqual(await idsOf(subject, { segment: { group: 'third' } }), ['a'])
      assert.deepEqual(await idsOf(subject), ['a', 'b', 'c'])
    },
  },
  {
    name: 'upsert: 5,000 at once, and none',
    promise: '`upsert` takes at most 5,000, `recipients` and `remove` at most 500 ids. None of any is no error.',
    async run(subject) {
      const { book } = subject
      const all = many(5_000, (index) => ({
        attributes: { text: 'x'.repeat(200), index },
        groups: [lanes[index % 4] ?? ''],
      }))
      await book.upsert(tenant, all)
      await book.upsert(tenant, [])
      assert.equal((await selected(subject, { limit: 5_000 })).length, 5_000)
      const ids = all.slice(0, 500).map(({ id }) => id)
      assert.deepEqual(inOrder((await read(subject, ids)).map(({ id }) => id)), ids)
      assert.deepEqual(await read(subject, []), [])
      assert.equal(await book.remove(tenant, ids), 500)
      assert.equal(await book.remove(tenant, []), 0)
      assert.equal((await idsOf(subject, { limit: 5_000 })).length, 4_500)
    },
  },
  {
    name: 'upsert: of many at once, each is whole',
    promise: 'A call is not one atomic step, each recipient is: with its groups and zone.',
    async run(subject) {
      const books = [subject.book, subject.peer?.book ?? subject.book]
      const writers = Array.from({ length: 8 }, (_, writer) => {
        const group = `w${writer}`
        const all = many(60, () => ({ attributes: { by: group }, groups: [group, `${group}!`], locale: group }))
        return { book: books[writer % 2] ?? subject.book, all: writer % 3 === 0 ? all.toReversed() : all }
      })
      await Promise.all(writers.map(async ({ book, all }) => book.upsert(tenant, all)))
      const found = await selected(subject)
      assert.equal(found.length, 60)
      for (const { locale, groups, attributes } of found)
        assert.deepEqual([groups, attributes], [[locale, `${locale}!`], { by: locale }])
      const inGroups = await Promise.all(
        writers.map(async (_, writer) => idsOf(subject, { segment: { group: `w${writer}` } })),
      )
      assert.deepEqual(
        inOrder(inGroups.flat()),
        found.map(({ id }) => id),
        'each in one group',
      )
      for (const [writer, ids] of inGroups.entries())
        assert.deepEqual(
          ids,
          found.filter(({ locale }) => locale === `w${writer}`).map(({ id }) => id),
        )
    },
  },
  {
    name: 'recipients: only those that are there, of another process too',
    promise: 'Those that are there. What was upserted is seen by every later call, of any process.',
    async run(subject) {
      const { book, peer } = subject
      await book.upsert(tenant, [person('a'), person('A'), person('a ')])
      for (const one of [book, peer?.book ?? book]) {
        const found = await one.recipients(tenant, ['b', 'a ', 'a', 'ä'])
        assert.deepEqual(inOrder(found.map(({ id }) => id)), ['a', 'a '])
      }
      await (peer?.book ?? book).upsert(tenant, [person('a', { locale: 'de' })])
      assert.equal(only(await read(subject, ['a'])).locale, 'de')
    },
  },
  {
    name: 'remove: how many there were',
    promise: 'With their events; answers how many of these there were.',
    async run(subject) {
      const { book } = subject
      await book.upsert(tenant, [
        person('a', { groups: ['g'] }),
        person('A'),
        person('b', { zone: 'UTC' }),
        person('c'),
      ])
      assert.equal(await book.remove(tenant, ['b', 'nobody', 'a']), 2)
      assert.equal(await book.remove(tenant, ['a', 'b']), 0)
      assert.deepEqual(await idsOf(subject), ['A', 'c'])
      assert.deepEqual(await read(subject, ['a', 'b']), [])
      assert.deepEqual(await idsOf(subject, { segment: { group: 'g' } }), [])
      assert.deepEqual(await book.zones(tenant), [null])
    },
  },
]

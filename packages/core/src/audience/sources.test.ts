import { describe, expect, test } from 'vitest'
import {
  audienceContext,
  draftOf,
  idsOf,
  isInGroup,
  planOf,
  readAll,
  sourceOf,
} from '../../test/support/audience-world.js'
import { errorOf } from '../../test/support/error-of.js'
import { fakeBook } from '../../test/support/fake-book.js'
import { copyAudience } from './copy-audience.js'
import { difference, intersection, openAudience, preparePlan, segment, union } from './index.js'

const many = Array.from({ length: 1_203 }, (_, index) => `user-${index}`)

async function* streamOf<Item>(items: readonly Item[], end?: () => void): AsyncGenerator<Item> {
  try {
    yield* items
  } finally {
    end?.()
  }
}

describe('A list', () => {
  test('Has what was copied, in order, with its data, by pages of any size.', async () => {
    const book = fakeBook()
    const context = audienceContext({ book })
    const rows = many.map((id) => (id.endsWith('7') ? { id, email: `${id}@b.de`, columns: { n: 1 } } : id))
    const plan = await planOf(streamOf(rows), context)
    expect(plan).toEqual({ kind: 'list', list: expect.any(String), size: 1_203 })
    for (const limit of [1, 7, 500, 5_000]) {
      const source = await openAudience(plan, context)
      const { items, pages } = await readAll(source, () => limit)
      expect([items.map(({ id }) => id), pages]).toEqual([many, Math.ceil(1_203 / limit)])
      expect(items[7]).toEqual({ id: 'user-7', addresses: { email: 'user-7@b.de' }, columns: { n: 1 } })
      expect(items[8]).toEqual({ id: 'user-8' })
    }
    const source = await openAudience(plan, context)
    expect(await source.count?.()).toBe(1_203)
    expect(await source.has?.([...many, 'x'])).toEqual([...many.map(() => true), false])
  })

  test('Is resumed at each cursor by another process.', async () => {
    const context = audienceContext({ book: fakeBook() })
    const plan = await planOf(streamOf(many), context)
    const found: string[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await (await openAudience(plan, context)).page({ cursor, limit: 333 })
      found.push(...page.items.map(({ id }) => id))
      cursor = page.next
    }
    expect(found).toEqual(many)
  })

  test('That is gone ends the run.', async () => {
    const book = fakeBook()
    const context = audienceContext({ book })
    const source = await sourceOf(many, context)
    for (const list of book.lists.keys()) await book.drop(list)
    expect((await errorOf(() => source.page({ cursor: '', limit: 1 }))).code).toBe('REACH_AUDIENCE_GONE')
  })
})

describe('A copy', () => {
  test('Is written in chunks of 500, and in smaller ones where items are large.', async () => {
    const book = fakeBook()
    const sizes = async (items: readonly unknown[]) => {
      const { list } = await copyAudience(
        { kind: 'uncopied', items, where: 'audience' },
        { book, list: `l${items.length}`, signal: new AbortController().signal },
      )
      return book.lists.get(list)?.map(({ length }) => length)
    }
    expect(await sizes(many)).toEqual([500, 500, 203])
    expect(await sizes([])).toBeUndefined()
    const large = Array.from({ length: 30 }, (_, index) => ({
      id: `u${index}`,
      columns: { text: 'x'.repeat(100_000) },
    }))
    expect(await sizes(large)).toEqual([11, 11, 8])
  })

  test('Is refused without a book, before anything is read.', async () => {
    let isRead = false
    const items = streamOf(['a'], () => (isRead = true))
    const error = await errorOf(async () => preparePlan(draftOf(items), audienceContext()))
    expect([error.code, isRead]).toEqual(['REACH_BOOK_MISSING', false])
    expect((await errorOf(() => sourceOf(segment({ group: 'x' })))).code).toBe('REACH_BOOK_MISSING')
  })

  test.each<[string, () => AsyncIterable<unknown>, string, string]>([
    [
      'an item is none',
      () => streamOf<unknown>([...many, 7]),
      'REACH_AUDIENCE_INVALID',
      'audience[1203] must be an id or a recipient with addresses, and was a number.',
    ],
    [
      'an item is an address',
      () => streamOf(['a', 'ann@example.com']),
      'REACH_AUDIENCE_INVALID',
      'audience[1] is no id',
    ],
    [
      'an item is too large',
      () => streamOf([{ id: 'a', columns: { text: 'x'.repeat(2 ** 20) } }]),
      'REACH_AUDIENCE_INVALID',
      'audience[0] must be at most 1048576 characters of JSON.',
    ],
    ['it throws', () => throwing(many), 'REACH_AUDIENCE_FAILED', 'The audience threw TypeError while it was copied.'],
  ])('Ends with a reason where %s, and leaves no list behind.', async (_, items, code, told) => {
    const book = fakeBook()
    const context = audienceContext({ book })
    const error = await errorOf(async () => preparePlan(draftOf(union(many, items())), context))
    expect([error.code, error.message]).toEqual([
      code,
      expect.stringContaining(told.replace('audience[', 'audience.of[1][')),
    ])
    expect(error.message).not.toContain('ann')
    expect(book.lists.size).toBe(0)
  })

  test('Ends at a bound: what never ends does not fill the store. The iterable is told to stop.', async () => {
    const book = fakeBook()
    let isStopped = false
    async function* endless() {
      try {
        for (let index = 0; ; index += 1) yield `u${index}`
      } finally {
        isStopped = true
      }
    }
    const context = audienceContext({ book })
    const error = await errorOf(async () => preparePlan(draftOf(endless()), { ...context, mostItems: 2_000 }))
    expect(error.message).toBe('REACH_AUDIENCE_INVALID: audience must be at most 2000 recipients.')
    expect([isStopped, book.lists.size]).toEqual([true, 0])
  })

  test('Stops when it is aborted.', async () => {
    const abort = new AbortController()
    const book = fakeBook()
    async function* aborting() {
      for (let index = 0; ; index += 1) {
        if (index === 700) abort.abort(new Error('stopped'))
        yield `u${index}`
      }
    }
    const context = audienceContext({ book, signal: abort.signal })
    await expect(preparePlan(draftOf(aborting()), context)).rejects.toThrow('stopped')
    expect(book.lists.size).toBe(0)
  })
})

describe('A segment', () => {
  const profiles = Array.from({ length: 50 }, (_, index) => ({
    id: `u${String(index).padStart(2, '0')}`,
    addresses: { email: 'x' },
    groups: index % 3 === 0 ? ['vip'] : [],
    ...(index % 2 === 0 && { zone: 'Asia/Tokyo' }),
  }))
  const vips = profiles.filter(({ groups }) => groups.length > 0)

  test.each([
    ['that the store selects', isInGroup],
    ['that is judged', undefined],
  ])('%s has the same people, their zones, and what else is known.', async (_, exact) => {
    const book = fakeBook({ profiles, ...(exact !== undefined && { exact }) })
    const source = await sourceOf(segment({ group: 'vip' }), audienceContext({ book }))
    const { items } = await readAll(source, () => 7)
    expect(items).toEqual(vips.map(({ id, zone }) => (zone === undefined ? { id } : { id, zone })))
    expect(await source.count?.()).toBe(vips.length)
    const asked = ['u00', 'u01', 'u03', 'u00', 'nobody']
    expect(await source.has?.(asked)).toEqual([true, false, true, true, false])
    expect(await source.has?.(profiles.map(({ id }) => id))).toEqual(profiles.map(({ groups }) => groups.length > 0))
    expect((await source.zones?.())?.length).toBe(2)
    const tokyo = await source.page({ cursor: '', limit: 50, zones: ['Asia/Tokyo'] })
    expect(tokyo.items.map(({ id }) => id)).toEqual(vips.flatMap(({ id, zone }) => (zone === undefined ? [] : [id])))
  })

  test('Counts windows of time from its first page, however late it is resumed.', async () => {
    const book = fakeBook({ profiles })
    let now = 1_000
    const instants: number[] = []
    const context = audienceContext({
      book,
      now: () => now,
      judge: async (_, asked, at) => {
        instants.push(at)
        return asked.map(() => true)
      },
    })
    const plan = await planOf(segment({ group: 'vip' }), context)
    const { next = '' } = await (await openAudience(plan, context)).page({ cursor: '', limit: 10 })
    now = 9_000
    await (await openAudience(plan, context)).page({ cursor: next, limit: 10 })
    expect([book.queries.map((query) => query.now), instants]).toEqual([
      [1_000, 1_000],
      [1_000, 1_000],
    ])
  })

  test('Combines with others by asking the book.', async () => {
    const context = audienceContext({ book: fakeBook({ profiles }) })
    const some = ['u00', 'u01', 'u03', 'u99']
    expect(await idsOf(await sourceOf(intersection(some, segment({ group: 'vip' })), context))).toEqual(['u00', 'u03'])
    expect(await idsOf(await sourceOf(difference(some, segment({ group: 'vip' })), context))).toEqual(['u01', 'u99'])
  })
})

test('Inline recipients have zones where each is known without the directory.', async () => {
  const whole = await sourceOf([
    { email: 'x', zone: 'Asia/Tokyo' },
    { id: 'a', email: 'y' },
  ])
  expect(await whole.zones?.()).toEqual(['Asia/Tokyo', null])
  expect((await whole.page({ cursor: '', limit: 9, zones: [null] })).items.map(({ id }) => id)).toEqual(['a'])
  const mixed = await sourceOf([{ email: 'x', zone: 'Asia/Tokyo' }, 'a'])
  expect(typeof mixed.zones).toBe('undefined')
})

test.each([['x'], ['-1'], ['7:'], ['1e3']])('A cursor that no page answered is refused: %s', async (cursor) => {
  for (const value of [['a'], union(['a'], ['b'])]) {
    const source = await sourceOf(value)
    expect((await errorOf(() => source.page({ cursor, limit: 1 }))).code).toBe('REACH_AUDIENCE_INVALID')
  }
})

async function* throwing(items: readonly string[]): AsyncGenerator<string> {
  yield* items
  throw new TypeError('secret')
}

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { AudienceFactory } from '../spec/index.js'
import { audienceContext, idsOf, planOf, readAll, sourceOf } from '../../test/support/audience-world.js'
import { errorOf } from '../../test/support/error-of.js'
import { audience, openAudience, union, type NamedAudienceOptions } from './index.js'

const people = Array.from({ length: 25 }, (_, index) => ({ id: `u${index}`, city: index % 2 === 0 ? 'Oslo' : 'Rome' }))
const citizens = audience('citizens', {
  args: z.object({ city: z.string(), from: z.coerce.number().default(0) }),
  page: async ({ city, from }, { cursor, limit }) => {
    const all = people.filter((person) => person.city === city).slice(from)
    const start = Number(cursor)
    const items = all
      .slice(start, start + limit)
      .map(({ id }, index) => (index % 2 === 0 ? id : { id, columns: { city } }))
    return start + limit < all.length ? { items, next: String(start + limit) } : { items }
  },
  count: async ({ city }) => people.filter((person) => person.city === city).length,
  has: async ({ city }, ids) => ids.map((id) => people.some((person) => person.id === id && person.city === city)),
})

function contextOf(...factories: readonly AudienceFactory[]) {
  return audienceContext({ audiences: new Map(factories.map((factory) => [factory.name, factory])) })
}

/** One that answers what nobody checks at compile time. */
async function openWith(options: Partial<Record<keyof NamedAudienceOptions<never>, unknown>>) {
  const factory = audience('odd', {
    page: async () => ({ items: [] }),
    ...options,
  } as never) as unknown as AudienceFactory
  return openAudience({ kind: 'named', name: 'odd', args: null }, contextOf(factory))
}

describe('A named audience', () => {
  test('Is opened again by its name and arguments, as JSON keeps them, and read by pages.', async () => {
    const context = contextOf(citizens)
    const plan = await planOf(citizens({ city: 'Oslo', from: '1' }), context)
    expect(plan).toEqual({ kind: 'named', name: 'citizens', args: { city: 'Oslo', from: '1' } })
    const source = await openAudience(plan, context)
    const { items } = await readAll(source, () => 4)
    expect(items.map(({ id }) => id)).toEqual(
      people
        .filter(({ city }) => city === 'Oslo')
        .slice(1)
        .map(({ id }) => id),
    )
    expect(items.slice(0, 2)).toEqual([{ id: 'u2' }, { id: 'u4', columns: { city: 'Oslo' } }])
    expect(await source.count?.()).toBe(13)
    expect(await source.has?.(['u0', 'u1'])).toEqual([true, false])
    expect(typeof source.zones).toBe('undefined')
  })

  test('That is not registered is told, at creation and at a run.', async () => {
    const error = await errorOf(() => planOf(citizens({ city: 'Oslo' })))
    expect(error.message).toBe("REACH_AUDIENCE_UNKNOWN: No audience 'citizens' is registered in this process.")
  })

  test('Arguments that do not fit are told at creation, and without their value.', async () => {
    const error = await errorOf(() => planOf(citizens({ city: 7 as never }), contextOf(citizens)))
    expect([error.code, error.message]).toEqual([
      'REACH_AUDIENCE_INVALID',
      expect.stringContaining('the arguments do not fit. city:'),
    ])
    const none = audience('none', { page: async () => ({ items: [] }) })
    const given = { kind: 'named', name: 'none', args: { a: 1 } }
    expect((await errorOf(() => planOf(given, contextOf(none)))).message).toContain('takes no arguments')
  })
})

describe('What a named audience answers is checked', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'page() answered missing, and no page'],
    ['no items', {}, 'page().items is missing, and no array'],
    ['an item that is none', { items: ['a', { name: 'x' }] }, 'page() answered an item that is no recipient'],
    ['an address as an id', { items: ['ann@example.com'] }, 'page() answered an item that is no recipient'],
    ['too many', { items: ['a', 'b', 'c', 'd'] }, 'page() answered more than the 3 that it was asked for'],
    ['too many with rejects', { items: ['a', 'b', 'c'], rejects: [{ line: 1, reason: 'x' }] }, 'more than the 3'],
    ['rejects that are none', { items: [], rejects: ['x'] }, 'page().rejects must be a list of { line, reason }'],
    ['a number as a cursor', { items: ['a'], next: 7 }, 'page().next must be a text of 1 to 4000 characters'],
    ['an empty cursor', { items: ['a'], next: '' }, 'page().next must be a text of 1 to 4000 characters'],
    ['a long cursor', { items: ['a'], next: 'x'.repeat(4_001) }, 'page().next must be a text of 1 to 4000 characters'],
    [
      'its own cursor',
      { items: ['a'], next: 'here' },
      'page() answered the cursor that it was given: it makes no progress',
    ],
  ])('%s', async (_, answer, told) => {
    const source = await openWith({ page: async () => answer })
    const error = await errorOf(() => source.page({ cursor: 'here', limit: 3 }))
    expect([error.code, error.message]).toEqual([
      'REACH_AUDIENCE_FAILED',
      `REACH_AUDIENCE_FAILED: audience 'odd': ${error.message.split("'odd': ")[1]}`,
    ])
    expect(error.message).toContain(told)
    expect(error.message).not.toContain('ann')
  })

  test('A circle of empty pages ends.', async () => {
    const source = await openWith({
      page: async (_: unknown, { cursor }: { cursor: string }) => ({ items: [], next: cursor === 'a' ? 'b' : 'a' }),
    })
    expect((await errorOf(() => readAll(source))).message).toContain('the same cursors again and again')
  })

  test('Many empty pages that lead on do not end it.', async () => {
    const page = async (_: unknown, { cursor }: { cursor: string }) =>
      cursor === '5000' ? { items: ['a'] } : { items: [], next: String(Number(cursor) + 1) }
    expect(await idsOf(await openWith({ page }))).toEqual(['a'])
  })

  test.each<[string, unknown]>([
    ['page', () => Promise.reject(new RangeError('secret'))],
    [
      'page',
      () => {
        throw new RangeError('secret')
      },
    ],
  ])('What %s throws is the cause of a coded error.', async (_, page) => {
    const source = await openWith({ page })
    const error = await errorOf(() => source.page({ cursor: '', limit: 3 }))
    expect(error.message).toBe("REACH_AUDIENCE_FAILED: audience 'odd': page() threw RangeError.")
    expect(error.cause).toBeInstanceOf(RangeError)
  })

  test.each<[string, Parameters<typeof openWith>[0], string]>([
    ['count', { count: async () => -1 }, 'count() answered a number, and no whole number'],
    ['has', { has: async () => [true] }, 'has() must answer true or false for each id'],
    ['has', { has: async () => [true, 1] }, 'has() must answer true or false for each id'],
    ['zones', { zones: async () => ['a', 7] }, 'zones() must answer a list of time zones and null'],
  ])('%s', async (method, options, told) => {
    const source = await openWith(options)
    const asked = { count: () => source.count?.(), has: () => source.has?.(['a', 'b']), zones: () => source.zones?.() }
    const error = await errorOf(asked[method as keyof typeof asked])
    expect([error.code, error.message]).toEqual(['REACH_AUDIENCE_FAILED', expect.stringContaining(told)])
  })

  test('Ids are asked for by 500 at most.', async () => {
    const sizes: number[] = []
    const has = async (_: unknown, ids: readonly string[]) => {
      sizes.push(ids.length)
      return ids.map(() => true)
    }
    const source = await openWith({ has })
    expect((await source.has?.(Array.from({ length: 1_100 }, (_, index) => `${index}`)))?.length).toBe(1_100)
    expect(sizes).toEqual([500, 500, 100])
  })

  test('A stop is no failure of the audience.', async () => {
    const abort = new AbortController()
    const page = async () => {
      abort.abort(new Error('stopped'))
      abort.signal.throwIfAborted()
    }
    const factory = audience('odd', { page } as never) as unknown as AudienceFactory
    const context = { ...contextOf(factory), signal: abort.signal }
    const source = await openAudience({ kind: 'named', name: 'odd', args: null }, context)
    await expect(source.page({ cursor: '', limit: 1 })).rejects.toThrow(/^stopped$/)
  })
})

test('A cursor that grows too long in the audiences around it ends the run with a reason.', async () => {
  const long = audience('long', { page: async () => ({ items: ['a'], next: 'x'.repeat(4_000) }) })
  const source = await sourceOf(union(long(), ['b']), contextOf(long))
  expect((await errorOf(() => source.page({ cursor: '', limit: 1 }))).message).toContain(
    'is longer than 4000 characters',
  )
})

test('Closing closes what factories opened, all of them, and so does a failed opening.', async () => {
  const closed: string[] = []
  const factory = (name: string, isBroken = false): AudienceFactory => ({
    name,
    open: () => {
      if (isBroken) throw new Error('away')
      return { page: async () => ({ items: [], next: undefined }), close: async () => void closed.push(name) }
    },
  })
  const context = contextOf(factory('a'), factory('b'), factory('c', true))
  const part = (name: string) => ({ kind: 'named' as const, name, args: null })
  await (await openAudience({ kind: 'union', of: [part('a'), part('b')] }, context)).close?.()
  expect(closed.splice(0)).toEqual(['a', 'b'])
  const error = await errorOf(async () => openAudience({ kind: 'union', of: [part('a'), part('c')] }, context))
  expect([error.message, closed]).toEqual(["REACH_AUDIENCE_FAILED: audience 'c': open() threw Error.", ['a']])
})

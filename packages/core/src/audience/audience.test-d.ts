import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { type AudienceOption, audience, csv, difference, ids, sample, segment, union } from './index.js'

const citizens = audience('citizens', {
  args: z.object({ city: z.string(), from: z.coerce.number().default(0) }),
  page: async (args) => {
    expectTypeOf(args).toEqualTypeOf<{ city: string; from: number }>()
    return { items: ['a', { id: 'b', columns: { n: 1 } }] }
  },
})
const everybody = audience('everybody', {
  page: async (_, { cursor, limit }) => ({ items: [cursor], next: `${limit}` }),
})

test('A named audience is called with what its schema takes', () => {
  expectTypeOf(citizens({ city: 'Oslo' })).toExtend<{ readonly kind: 'named' }>()
  everybody()
  // @ts-expect-error a city is a text
  citizens({ city: 7 })
  // @ts-expect-error arguments are missing
  citizens()
  // @ts-expect-error there is no schema
  everybody({})
  // @ts-expect-error an item needs an id
  audience('x', { page: async () => ({ items: [{ columns: {} }] }) })
})

test('What builders answer, ids, recipients, iterables and segments are audiences', () => {
  const all = union(citizens({ city: 'Oslo' }), ['a'], csv('x'), { group: 'vip' })
  const given: AudienceOption<{ email?: string }>[] = [
    difference(all, ids(['a'])),
    sample(all, { size: 5 }),
    segment({ group: 'vip' }),
    { any: [{ group: 'vip' }] },
    ['a', { email: 'x', columns: { n: 1 } }],
    new Set(['a']),
  ]
  expectTypeOf(given).toBeArray()
  // @ts-expect-error fax is no channel
  const other: AudienceOption<{ email?: string }> = [{ fax: 'x' }]
  expectTypeOf(other).not.toBeAny()
})

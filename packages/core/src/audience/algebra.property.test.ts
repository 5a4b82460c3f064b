import type { StandardSchemaV1 } from '@standard-schema/spec'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { audienceContext, planOf, readAll } from '../../test/support/audience-world.js'
import { fakeBook } from '../../test/support/fake-book.js'
import { audience, difference, ids, intersection, openAudience, sample, union } from './index.js'

/** The same audience as the builders make it, and as a set. */
interface Case {
  readonly value: unknown
  readonly set: ReadonlySet<string>
}

const id = fc.integer({ min: 0, max: 30 }).map((number) => `u${number}`)
const given = fc.array(id, { maxLength: 25 })
/** Sources that can and cannot tell who is in them. */
const quick = audience('quick', {
  args: anyText(),
  page: async (text, { cursor, limit }) => {
    const start = Number(cursor)
    const all = idsIn(text)
    return {
      items: all.slice(start, start + limit),
      next: start + limit < all.length ? String(start + limit) : undefined,
    }
  },
  has: async (text, asked) => asked.map((each) => idsIn(text).includes(each)),
})

const leaf: fc.Arbitrary<Case> = fc.oneof(
  given.map((members) => ({ value: ids(members), set: new Set(members) })),
  given.map((members) => ({ value: members, set: new Set(members) })),
  given.map((members) => ({ value: new Set(members), set: new Set(members) })),
  given.map((members) => ({ value: quick(members.join()), set: new Set(members) })),
)
const { tree } = fc.letrec<{ tree: Case }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((parts) => ({
      value: union(...parts.map(({ value }) => value)),
      set: new Set(parts.flatMap(({ set }) => [...set])),
    })),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((parts) => ({
      value: intersection(...parts.map(({ value }) => value)),
      set: new Set([...(parts[0]?.set ?? [])].filter((each) => parts.every(({ set }) => set.has(each)))),
    })),
    fc.tuple(tie('tree'), tie('tree')).map(([of, without]) => ({
      value: difference(of.value, without.value),
      set: new Set([...of.set].filter((each) => !without.set.has(each))),
    })),
    tie('tree').map(({ value, set }) => ({ value: sample(value, { share: 1 }), set })),
  ),
}))

test('Combinations have who the sets have, whatever the sizes of pages are and whoever reads them.', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 })
  const property = fc.asyncProperty(
    tree,
    sizes,
    fc.array(id, { maxLength: 40 }),
    async ({ value, set }, limits, asked) => {
      const context = audienceContext({ book: fakeBook(), audiences: new Map([[quick.name, quick]]) })
      const plan = await planOf(value, context)
      const found: string[] = []
      let cursor: string | undefined = ''
      for (let page = 0; cursor !== undefined; page += 1) {
        const limit = limits[page % limits.length] ?? 1
        const answer = await (await openAudience(plan, context)).page({ cursor, limit })
        expect(answer.items.length).toBeLessThanOrEqual(limit)
        found.push(...answer.items.map((item) => item.id))
        cursor = answer.next
      }
      expect(new Set(found)).toEqual(set)
      const source = await openAudience(plan, context)
      const answers = await source.has?.(asked)
      if (answers !== undefined) expect(answers).toEqual(asked.map((each) => set.has(each)))
      expect((await readAll(source, () => 3)).items.map((item) => item.id)).toEqual(found)
    },
  )
  await fc.assert(property, { numRuns: 300 })
})

test('A source that cannot tell who is in it is read once into a set, when it is first asked.', async () => {
  let reads = 0
  const counted = audience('counted', { page: async () => ({ items: ((reads += 1), ['b', 'c']) }) })
  const context = audienceContext({ audiences: new Map([[counted.name, counted]]) })
  const source = await openAudience(await planOf(difference(['a', 'b', 'c', 'd'], counted()), context), context)
  expect([reads, typeof source.has]).toEqual([0, 'undefined'])
  expect((await readAll(source, () => 1)).items).toEqual([{ id: 'a' }, { id: 'd' }])
  expect(reads).toBe(1)
})

test('A source that failed while it was read into a set is read again.', async () => {
  let reads = 0
  const shaky = audience('shaky', {
    page: async () => {
      reads += 1
      if (reads === 1) throw new Error('away')
      return { items: ['b'] }
    },
  })
  const context = audienceContext({ audiences: new Map([[shaky.name, shaky]]) })
  const source = await openAudience(await planOf(difference(['a', 'b'], shaky()), context), context)
  await expect(source.page({ cursor: '', limit: 5 })).rejects.toThrow('REACH_AUDIENCE_FAILED')
  expect((await source.page({ cursor: '', limit: 5 })).items).toEqual([{ id: 'a' }])
})

test('Data are those of the first: a union tells the one that comes first, an intersection that of its first.', async () => {
  const [gold, plain] = [[{ id: 'a', columns: { tier: 'gold' } }], ['a', 'b']]
  const read = async (value: unknown) => {
    const plan = await planOf(value)
    return (await readAll(await openAudience(plan, audienceContext()))).items
  }
  expect(await read(union(gold, plain))).toEqual([gold[0], { id: 'a' }, { id: 'b' }])
  expect(await read(intersection(gold, plain))).toEqual(gold)
  expect(await read(intersection(plain, gold))).toEqual([{ id: 'a' }])
})

function idsIn(text: string): readonly string[] {
  return text === '' ? [] : text.split(',')
}

function anyText(): StandardSchemaV1<string, string> {
  return { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: String(value) }) } }
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { audienceContext, idsOf, planOf, sourceOf } from '../../test/support/audience-world.js'
import { fakeBook } from '../../test/support/fake-book.js'
import { audience, ids, openAudience, sample, union } from './index.js'
import { SmallestHashes } from './smallest-hashes.js'

const everybody = Array.from({ length: 1_000 }, (_, index) => `user-${index}`)

test('A share is the share of many, the same people at each reading and in each audience, others by another seed.', async () => {
  const many = ids(Array.from({ length: 20_000 }, (_, index) => `user-${index}`))
  const context = audienceContext({ book: fakeBook() })
  const picked = await idsOf(await sourceOf(sample(many, { share: 0.1 }), context))
  expect(Math.abs(picked.length - 2_000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.1 * 0.9))
  const again = await idsOf(await sourceOf(sample(everybody, { share: 0.1 })), () => 7)
  expect(again).toEqual(picked.filter((id) => everybody.includes(id)))
  const others = await idsOf(await sourceOf(sample(everybody, { share: 0.1, seed: 'b' })))
  expect(others).not.toEqual(again)
})

test('A size is exactly so many, each once counted, however often they come.', async () => {
  for (const size of [1, 17, 999, 1_000]) {
    const picked = await idsOf(await sourceOf(sample(union(everybody, everybody), { size })), () => 50)
    expect([picked.length, new Set(picked).size]).toEqual([2 * size, size])
  }
  expect((await idsOf(await sourceOf(sample(everybody, { size: 5_000 })))).length).toBe(1_000)
})

test('A size keeps to its people when the run is resumed after others have joined.', async () => {
  let members = everybody.slice(0, 500)
  const growing = audience('growing', {
    page: async (_, { cursor, limit }) => {
      const start = Number(cursor)
      return {
        items: members.slice(start, start + limit),
        ...(start + limit < members.length && { next: `${start + limit}` }),
      }
    },
  })
  const context = audienceContext({ audiences: new Map([[growing.name, growing]]) })
  const plan = await planOf(sample(growing(), { size: 50 }), context)
  const before = await idsOf(await openAudience(plan, context), () => 100)
  const first = await (await openAudience(plan, context)).page({ cursor: '', limit: 100 })
  members = everybody
  const rest: string[] = []
  for (let cursor = first.next; cursor !== undefined; ) {
    const page = await (await openAudience(plan, context)).page({ cursor, limit: 100 })
    rest.push(...page.items.map(({ id }) => id))
    cursor = page.next
  }
  const resumed = [...first.items.map(({ id }) => id), ...rest]
  expect(resumed.filter((id) => everybody.indexOf(id) < 500)).toEqual(before)
})

test('Knows what can be known: who is in a share, how many a size has.', async () => {
  const share = await sourceOf(sample(everybody, { share: 0.5 }))
  const picked = new Set(await idsOf(share))
  expect(await share.has?.(everybody)).toEqual(everybody.map((id) => picked.has(id)))
  expect([await share.has?.(['nobody']), typeof share.count]).toEqual([[false], 'undefined'])
  const size = await sourceOf(sample(everybody, { size: 7 }))
  expect([typeof size.has, await size.count?.()]).toEqual(['undefined', 7])
})

test('The limit of the smallest hashes has exactly so many of the different ones below it.', () => {
  const hash = fc.oneof(
    fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    fc.integer({ min: 0, max: 20 }).map((low) => low * 2 ** 32),
  )
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (hashes, most) => {
      const smallest = new SmallestHashes(most)
      for (const each of hashes) smallest.add(each)
      const different = [...new Set(hashes)]
      expect(different.filter((each) => each < smallest.limit).length).toBe(Math.min(most, different.length))
    }),
    { numRuns: 2_000 },
  )
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Found, nextByRange, type Place, readPlace, type Space, startOf, writePlace } from './ranges.js'

const space: Space = { least: 0n, most: 2n ** 128n - 1n }

/** A server that answers in an order of its own, and no more than `most` at once. */
function serverOf(keys: readonly bigint[], limit: number, most: number) {
  let searches = 0
  const find = async (from: bigint, to: bigint): Promise<Found<bigint>> => {
    searches += 1
    const inside = keys.filter((key) => key >= from && key <= to)
    if (inside.length <= Math.min(limit, most)) return { all: inside.toSorted((a, b) => (a < b ? -1 : 1)) }
    return { some: inside.slice(0, Math.min(limit + 1, most)) }
  }
  return { find, searches: () => searches }
}

async function readAll(keys: readonly bigint[], limit: number, most: number) {
  const { find, searches } = serverOf(keys, limit, most)
  const read: bigint[] = []
  for (let place: Place | undefined = startOf(space); place !== undefined; ) {
    const from: Place = readPlace(space, writePlace(place))
    const { all, next }: Awaited<ReturnType<typeof nextByRange<bigint>>> = await nextByRange(space, from, limit, find)
    expect(all.length).toBeLessThanOrEqual(limit)
    read.push(...all)
    place = next
  }
  return { read, searches: searches() }
}

const anyKey = fc.oneof(
  fc.bigInt({ min: 0n, max: space.most }),
  // Close together, as UUIDs of one moment are.
  fc.bigInt({ min: 2n ** 100n, max: 2n ** 100n + 50n }),
  fc.constantFrom(space.least, space.most),
)

it('reads every key once and in order, however they lie', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(anyKey, { maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 30 }),
      async (keys, limit, most) => {
        const { read } = await readAll(keys, limit, most)
        expect(read).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)))
      },
    ),
  )
})

it('asks few times more than there are pages', async () => {
  const even = Array.from({ length: 10_000 }, (_, index) => (space.most / 10_000n) * BigInt(index))
  const close = Array.from({ length: 10_000 }, (_, index) => 2n ** 90n + BigInt(index) * 7n)
  for (const keys of [even, close]) {
    const { read, searches } = await readAll(keys, 500, 1_000)
    expect(read).toHaveLength(10_000)
    expect(searches).toBeLessThan(80)
  }
})

it('refuses a key that more have than a page holds', async () => {
  await expect(readAll([7n, 7n, 7n], 2, 100)).rejects.toThrow(/not unique/)
})

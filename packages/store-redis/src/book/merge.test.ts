import { expect, it } from 'vitest'
import { merge, shareOf } from './merge.js'
import type { Stream } from './merge.js'

const stream = (items: readonly string[], upTo?: string): Stream => ({
  items: items.map((item) => Buffer.from(item)),
  upTo: upTo === undefined ? undefined : Buffer.from(upTo),
})

function merged(
  streams: readonly Stream[],
  limit: number,
): readonly [items: readonly string[], next: string | undefined] {
  const { items, next } = merge(streams, limit)
  return [items.map(String), next?.toString()]
}

it('Streams that ended are put together in order, each item once.', () => {
  expect(merged([stream(['b', 'd']), stream(['a', 'd', 'e']), stream([])], 10)).toEqual([
    ['a', 'b', 'd', 'e'],
    undefined,
  ])
})

it('What lies behind the end of a stream that goes on waits for it.', () => {
  expect(merged([stream(['a', 'f'], 'f'), stream(['b', 'c'], 'c'), stream(['d'])], 10)).toEqual([['a', 'b', 'c'], 'c'])
  expect(merged([stream([], 'b'), stream(['a', 'c'])], 10)).toEqual([['a'], 'b'])
})

it('No more than the limit comes, and the next page goes on behind the last.', () => {
  expect(merged([stream(['a', 'c']), stream(['b', 'd'])], 3)).toEqual([['a', 'b', 'c'], 'c'])
  expect(merged([stream(['a', 'c']), stream(['b'])], 3)).toEqual([['a', 'b', 'c'], undefined])
})

it('Of each part a little more is asked than its share.', () => {
  expect(shareOf(1, 16)).toBe(2)
  expect([shareOf(500, 16), shareOf(5_000, 16)]).toEqual([45, 350])
})

import type { Segment } from '@reachkit/core/spec'
import { person } from '../people.js'
import type { SegmentTable } from './table.js'

const everybody = ['a', 'ab', 'abc', 'b', 'none']
const a: Segment = { group: 'a' }
const b: Segment = { attribute: 'b', is: true }
const c: Segment = { zone: ['UTC'] }

function nested(levels: number, inner: Segment): Segment {
  return levels === 0 ? inner : { not: nested(levels - 1, inner) }
}

export const treeTables: readonly SegmentTable[] = [
  {
    name: 'segment: all, any and not, of each other',
    promise: '`all` of nothing is everybody, `any` of nothing is nobody. Each part holds or does not.',
    people: [
      person('a', { groups: ['a'] }),
      person('ab', { groups: ['a'], attributes: { b: true } }),
      person('abc', { groups: ['a'], attributes: { b: true }, zone: 'UTC' }),
      person('b', { attributes: { b: true } }),
      person('none'),
    ],
    rows: [
      [{ all: [] }, everybody],
      [{ any: [] }, []],
      [{ not: { all: [] } }, []],
      [{ not: { any: [] } }, everybody],
      [{ all: [{ all: [] }, { any: [] }] }, []],
      [{ any: [{ all: [] }, { any: [] }] }, everybody],
      [{ all: [a] }, ['a', 'ab', 'abc']],
      [{ all: [a, b] }, ['ab', 'abc']],
      [{ all: [a, b, c] }, ['abc']],
      [{ any: [a, b] }, ['a', 'ab', 'abc', 'b']],
      [{ all: [a, { not: c }] }, ['a', 'ab']],
      [{ not: { any: [a, b] } }, ['none']],
      [{ not: { all: [a, b] } }, ['a', 'b', 'none']],
      [{ all: [{ not: a }, { not: b }] }, ['none']],
      [{ any: [{ not: a }, c] }, ['abc', 'b', 'none']],
      [{ any: [{ all: [a, { not: b }] }, { all: [b, { not: a }] }] }, ['a', 'b']],
      [{ all: [{ any: [a, b] }, { not: { all: [a, b] } }] }, ['a', 'b']],
      [{ all: [a, { any: [{ not: { any: [b, c] } }, { all: [b, c] }] }] }, ['a', 'abc']],
      [nested(18, a), ['a', 'ab', 'abc']],
      [nested(19, a), ['b', 'none']],
      [{ any: Array.from({ length: 199 }, (_, index) => (index === 120 ? c : { group: `g${index}` })) }, ['abc']],
      [
        { all: [...Array.from({ length: 98 }, (_, index) => ({ not: { group: `g${index}` } })), b] },
        ['ab', 'abc', 'b'],
      ],
      [{ attribute: 'b', in: [...Array.from({ length: 1_999 }, (_, index) => index), true] }, ['ab', 'abc', 'b']],
    ],
  },
]

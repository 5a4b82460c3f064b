import assert from 'node:assert/strict'
import type { Addition } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { StateSubject } from '../subject.js'

const ttlMs = 3_600_000
const add = (key: string, by: number): Addition => ({ key, by, ttlMs })

export const counterCases: readonly ConformanceCase<StateSubject>[] = [
  {
    name: 'now: is the store’s clock and moves',
    promise: 'The store’s clock, milliseconds since the epoch.',
    async run({ state, advance, timing, now }) {
      const before = await state.now()
      assert(Math.abs(before - (await now())) <= 60_000)
      await advance(timing.shortMs)
      assert((await state.now()) >= before + timing.shortMs)
    },
  },
  {
    name: 'count: adds and answers the sums, in order',
    promise: 'Adds to counters and answers the sums; each is made at 0.',
    async run({ state }) {
      assert.deepEqual(await state.count([add('a', 2), add('b', 5), add('a', 3)]), [2, 5, 5])
      assert.deepEqual(await state.count([add('b', -1), add('a', 0), add('A', 1)]), [4, 5, 1])
      assert.deepEqual(await state.count([]), [])
    },
  },
  {
    name: 'count: a counter is gone its ttl after it was made',
    promise: 'Is gone `ttlMs` after it was made.',
    async run({ state, advance, timing }) {
      const addition = { key: 'a', by: 1, ttlMs: timing.shortMs }
      const kept = { key: 'kept', by: 1, ttlMs }
      assert.deepEqual(await state.count([addition, kept]), [1, 1])
      await advance(Math.ceil(timing.shortMs * 0.6))
      assert.deepEqual(await state.count([addition, kept]), [2, 2], 'before it')
      await advance(Math.ceil(timing.shortMs * 0.5))
      assert.deepEqual(await state.count([addition, kept]), [1, 3], 'after it: adding does not lengthen it')
    },
  },
  {
    name: 'count: of many at once, none is lost',
    promise: 'Each key is atomic.',
    async run({ state, peer }) {
      const states = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? state : (peer?.state ?? state)))
      const sums = await Promise.all(states.map((one) => one.count([{ key: 'a', by: 1, ttlMs }])))
      const sorted = sums.map(only).toSorted((one, other) => one - other)
      assert.deepEqual(
        sorted,
        Array.from({ length: 20 }, (_, index) => index + 1),
      )
    },
  },
]

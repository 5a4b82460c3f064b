import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { StateSubject } from '../subject.js'

const entry = (key: string, value: string, ttlMs = 3_600_000) => ({ key, value, ttlMs })

export const rememberedCases: readonly ConformanceCase<StateSubject>[] = [
  {
    name: 'remember: the first value stands',
    promise: 'Sets each key that is not there; answers the value that stands now and whether this call set it.',
    async run({ state }) {
      const first = await state.remember([entry('a', 'one'), entry('b', 'ünï 🙂'), entry('a', 'two')])
      assert.deepEqual(first, [
        { value: 'one', first: true },
        { value: 'ünï 🙂', first: true },
        { value: 'one', first: false },
      ])
      const second = await state.remember([entry('b', 'three'), entry('A', '')])
      assert.deepEqual(second, [
        { value: 'ünï 🙂', first: false },
        { value: '', first: true },
      ])
    },
  },
  {
    name: 'remember: until its ttl is over',
    promise: 'Remembered: ttlMs.',
    async run({ state, advance, timing }) {
      await state.remember([entry('a', 'one', timing.shortMs), entry('kept', 'one')])
      await advance(Math.ceil(timing.shortMs * 0.6))
      const before = await state.remember([entry('a', 'two', timing.shortMs)])
      assert.deepEqual(before, [{ value: 'one', first: false }])
      await advance(Math.ceil(timing.shortMs * 0.5))
      const after = await state.remember([entry('a', 'three'), entry('kept', 'three')])
      assert.deepEqual(after, [
        { value: 'three', first: true },
        { value: 'one', first: false },
      ])
    },
  },
  {
    name: 'remember: of many at once, one is the first',
    promise: 'Each key is atomic.',
    async run({ state, peer }) {
      const states = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? state : (peer?.state ?? state)))
      const answers = (await Promise.all(states.map((one, index) => one.remember([entry('a', `${index}`)])))).map(only)
      assert.equal(answers.filter(({ first }) => first).length, 1)
      assert.equal(new Set(answers.map(({ value }) => value)).size, 1)
    },
  },
  {
    name: 'forget: the next one is the first again',
    promise: 'forget(keys): as if they had never been remembered.',
    async run({ state }) {
      await state.remember([entry('a', 'one'), entry('b', 'one')])
      await state.forget(['a', 'nothing'])
      await state.forget([])
      const answers = await state.remember([entry('a', 'two'), entry('b', 'two')])
      assert.deepEqual(answers, [
        { value: 'two', first: true },
        { value: 'one', first: false },
      ])
    },
  },
]

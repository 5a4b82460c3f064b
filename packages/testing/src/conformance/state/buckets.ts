import assert from 'node:assert/strict'
import type { BucketTake } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { StateSubject } from '../subject.js'

/** Two tokens at once, and one more each ten minutes: slow enough that a test run adds none by itself. */
const intervalMs = 600_000
const slow: BucketTake = { key: 'slow', tokens: 1, perMs: intervalMs, burst: 2, cost: 1, maxWaitMs: 0 }
const waiting: BucketTake = { ...slow, maxWaitMs: 10 * intervalMs }

/** A bucket that refills while a case looks on. */
function quick({ timing }: StateSubject): BucketTake {
  return { key: 'quick', tokens: 4, perMs: timing.shortMs, burst: 4, cost: 1, maxWaitMs: 0 }
}
const repeat = (take: BucketTake, count: number): readonly BucketTake[] => Array.from({ length: count }, () => take)

export const bucketCases: readonly ConformanceCase<StateSubject>[] = [
  {
    name: 'take: a full bucket gives its burst',
    promise: 'Tokens that may be taken at once from a full bucket.',
    async run({ state }) {
      const answers = await state.take(repeat(slow, 4))
      assert.deepEqual(
        answers.map(({ granted }) => granted),
        [true, true, false, false],
      )
      const now = await state.now()
      assert(
        answers.slice(0, 2).every(({ at, reserved }) => at <= now && !reserved),
        'granted: now or earlier',
      )
    },
  },
  {
    name: 'take: a denied one gets an instant of its own',
    promise: 'A denied take is given an instant of its own, that nobody else gets.',
    async run({ state }) {
      await state.take(repeat(slow, 2))
      const now = await state.now()
      const answers = [...(await state.take(repeat(waiting, 2))), ...(await state.take([waiting]))]
      assert(answers.every(({ granted, reserved }) => !granted && reserved))
      const [first = 0, second = 0, third = 0] = answers.map(({ at }) => at)
      assert(first > now && first <= now + intervalMs, 'the first instant is when the next token is there')
      assert(Math.abs(second - first - intervalMs) <= 1 && Math.abs(third - second - intervalMs) <= 1, 'one token each')
    },
  },
  {
    name: 'take: a reserved instant is used up',
    promise: 'It is deferred once, and passes then without another take.',
    async run({ state }) {
      await state.take(repeat(slow, 2))
      const reserved = await state.take(repeat(waiting, 3))
      const last = reserved.at(-1)?.at ?? Number.NaN
      const { granted, at } = only(await state.take([slow]))
      assert(!granted && at > last, 'the tokens of those that wait are not given twice')
    },
  },
  {
    name: 'take: further off than maxWaitMs takes nothing',
    promise:
      'Where that instant is further off than `maxWaitMs`, nothing is taken and `at` is when asking again makes sense.',
    async run({ state }) {
      await state.take(repeat(slow, 2))
      const now = await state.now()
      const denied = await state.take(repeat({ ...slow, maxWaitMs: intervalMs / 2 }, 3))
      assert(denied.every(({ granted, reserved, at }) => !granted && !reserved && at > now))
      const { at, reserved } = only(await state.take([waiting]))
      assert(reserved && at <= now + intervalMs, 'the next one gets the first instant')
    },
  },
  {
    name: 'take: refills with time, and not beyond the burst',
    promise: 'Tokens in each `perMs`.',
    async run(subject) {
      const { state, advance, timing } = subject
      const bucket = quick(subject)
      await state.take(repeat(bucket, 4))
      const before = await state.now()
      await advance(Math.ceil(timing.shortMs / 2))
      const granted = (await state.take(repeat(bucket, 4))).filter((answer) => answer.granted).length
      const passed = (await state.now()) - before
      assert(
        granted >= 1 && granted <= Math.ceil((passed * 4) / timing.shortMs) + 1,
        `${granted} tokens in ${passed} ms`,
      )
      await advance(timing.shortMs * 5)
      const full = (await state.take(repeat(bucket, 9))).filter((answer) => answer.granted).length
      assert(full >= 4 && full <= 5, `a full bucket gave ${full} of a burst of 4`)
    },
  },
  {
    name: 'take: a cost of several tokens',
    promise: 'BucketTake: cost.',
    async run({ state }) {
      const bucket = { ...slow, burst: 5 }
      const answers = await state.take([3, 3, 2, 1].map((cost) => ({ ...bucket, cost })))
      assert.deepEqual(
        answers.map(({ granted }) => granted),
        [true, false, true, false],
      )
    },
  },
  {
    name: 'take: buckets are apart',
    promise: 'Each take is atomic, in order.',
    async run({ state }) {
      const answers = await state.take([...repeat(slow, 2), { ...slow, key: 'other' }, slow])
      assert.deepEqual(
        answers.map(({ granted }) => granted),
        [true, true, true, false],
      )
    },
  },
  {
    name: 'take: of many at once, no more than the burst',
    promise: 'Each take is atomic.',
    async run({ state, peer }) {
      const states = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? state : (peer?.state ?? state)))
      const answers = (await Promise.all(states.map((one) => one.take([waiting])))).map(only)
      assert.equal(answers.filter(({ granted }) => granted).length, 2)
      const instants = answers.filter(({ granted }) => !granted).map(({ at }) => at)
      assert.equal(new Set(instants).size, 8, 'no two get the same instant')
    },
  },
  {
    name: 'take: leaves what it is told to keep',
    promise: 'Tokens of the burst that this take leaves for others: it is granted only where so many stay.',
    async run({ state }) {
      const bucket = { ...slow, burst: 5 }
      const lower = { ...bucket, keep: 3 }
      const answers = await state.take([lower, lower, lower, bucket, bucket, lower, bucket, bucket])
      assert.deepEqual(
        answers.map(({ granted }) => granted),
        [true, true, false, true, true, false, true, false],
        'two of five for those that leave three, and the three for the others',
      )
    },
  },
]

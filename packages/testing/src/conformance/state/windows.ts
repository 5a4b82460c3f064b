import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { StateSubject } from '../subject.js'

const hour = 3_600_000
const read = (limit = 10, key = 'user-1', windowMs = hour) => ({ key, windowMs, limit })
const entry = (member: string, max = 2, windowMs = hour) => ({ key: 'user-1', member, max, windowMs })

async function entered(
  { state }: StateSubject,
  entries: readonly ReturnType<typeof entry>[],
): Promise<readonly boolean[]> {
  return (await state.enter(entries)).map((answer) => answer.entered)
}

export const windowCases: readonly ConformanceCase<StateSubject>[] = [
  {
    name: 'enter: no more than max in a window',
    promise: 'The member is let in while fewer than `max` other members came within `windowMs`.',
    async run(subject) {
      assert.deepEqual(
        await entered(
          subject,
          ['a', 'b', 'c'].map((member) => entry(member)),
        ),
        [true, true, false],
      )
      assert.deepEqual(await entered(subject, [{ ...entry('c'), key: 'user-2' }, entry('d')]), [true, false])
      assert.deepEqual(await entered(subject, [entry('e', 3), entry('f', 3)]), [true, false])
    },
  },
  {
    name: 'enter: who is in stays in and counts once',
    promise: 'A member that is in already stays in and counts once.',
    async run(subject) {
      assert.deepEqual(await entered(subject, [entry('a'), entry('a'), entry('b'), entry('a'), entry('c')]), [
        true,
        true,
        true,
        true,
        false,
      ])
      assert.deepEqual(await entered(subject, [entry('b'), entry('c')]), [true, false])
    },
  },
  {
    name: 'enter: a denied one is told when there is room',
    promise: 'A denied one is told when the oldest leaves.',
    async run({ state, now, advance, timing }) {
      const windowMs = timing.shortMs * 2
      const before = await now()
      await state.enter([entry('a', 1, windowMs)])
      const after = await now()
      const { entered: late, until = Number.NaN } = only(await state.enter([entry('b', 1, windowMs)]))
      assert.equal(late, false)
      assert(until >= before + windowMs && until <= after + windowMs, 'when the oldest leaves')
      await advance(Math.max(1, until - (await now())))
      assert.deepEqual(await state.enter([entry('b', 1, windowMs)]), [{ entered: true, until: undefined }])
    },
  },
  {
    name: 'enter: the window slides',
    promise: 'Sliding windows.',
    async run(subject) {
      const { advance, timing } = subject
      const windowMs = timing.shortMs
      await entered(subject, [entry('a', 2, windowMs)])
      await advance(Math.ceil(windowMs * 0.6))
      assert.deepEqual(await entered(subject, [entry('b', 2, windowMs), entry('c', 2, windowMs)]), [true, false])
      await advance(Math.ceil(windowMs * 0.5))
      assert.deepEqual(await entered(subject, [entry('c', 2, windowMs), entry('d', 2, windowMs)]), [true, false])
    },
  },
  {
    name: 'enter: a denied one does not count',
    promise: 'While fewer than `max` other members came.',
    async run(subject) {
      const { state } = subject
      await entered(subject, [entry('a', 1), entry('b', 1), entry('c', 1)])
      await state.leave([{ key: 'user-1', member: 'a' }])
      assert.deepEqual(await entered(subject, [entry('d', 1)]), [true])
    },
  },
  {
    name: 'leave: as if it had never come in',
    promise: 'Takes members out again, as if they had never come in; unknown ones are passed over.',
    async run(subject) {
      await entered(subject, [entry('a'), entry('b')])
      await subject.state.leave([
        { key: 'nothing', member: 'a' },
        { key: 'user-1', member: 'nobody' },
        { key: 'user-1', member: 'a' },
      ])
      assert.deepEqual(await entered(subject, [entry('c'), entry('d')]), [true, false])
      await subject.state.leave([])
    },
  },
  {
    name: 'members: who came within the window, oldest first',
    promise: 'Of each the members that came within `windowMs`, oldest first, at most `limit`.',
    async run(subject) {
      const { state, advance, timing } = subject
      for (const member of ['c', 'a']) {
        await entered(subject, [entry(member, 9)])
        await advance(timing.shortMs)
      }
      assert.deepEqual(await state.members([read(10, 'user-1', timing.shortMs)]), [[]])
      await entered(subject, [entry('b', 9), { ...entry('z', 9), key: 'user-2' }])
      assert.deepEqual(await state.members([read(), read(10, 'user-2'), read(10, 'nobody'), read(2)]), [
        ['c', 'a', 'b'],
        ['z'],
        [],
        ['c', 'a'],
      ])
      await state.leave([{ key: 'user-1', member: 'a' }])
      assert.deepEqual(await state.members([read()]), [['c', 'b']])
      assert.deepEqual(await state.members([]), [])
    },
  },
  {
    name: 'enter: of many at once, no more than max',
    promise: 'Each entry is atomic, in order.',
    async run({ state, peer }) {
      const states = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? state : (peer?.state ?? state)))
      const answers = (await Promise.all(states.map((one, index) => one.enter([entry(`m${index}`, 3)])))).map(only)
      assert.equal(answers.filter((answer) => answer.entered).length, 3)
    },
  },
]

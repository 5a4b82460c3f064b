import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { eventually } from '../eventually.js'
import type { StateSubject } from '../subject.js'

/** "Within a second", and what a busy machine adds. */
const noticedWithinMs = 1_500

export const documentCases: readonly ConformanceCase<StateSubject>[] = [
  {
    name: 'read: a missing document has version 0',
    promise: 'A version that starts at 1; a missing one has version 0.',
    async run({ state }) {
      assert.equal(await state.write('b', '{"b":"ünï"}', 0), 1)
      const documents = await state.read(['a', 'b', 'B'])
      const missing = { text: undefined, version: 0 }
      assert.deepEqual(documents, [missing, { text: '{"b":"ünï"}', version: 1 }, missing])
    },
  },
  {
    name: 'write: only at the expected version',
    promise:
      'Writes if the version is still the expected one (0: not there yet), and answers the new version, or undefined.',
    async run({ state }) {
      assert.equal(await state.write('a', '1', 1), undefined, 'not there yet')
      assert.equal(await state.write('a', '1', 0), 1)
      assert.equal(await state.write('a', '2', 1), 2)
      for (const stale of [0, 1, 3]) assert.equal(await state.write('a', 'stale', stale), undefined)
      assert.deepEqual(await state.read(['a']), [{ text: '2', version: 2 }])
    },
  },
  {
    name: 'write: of many at once, one writes',
    promise: 'Writes if the version is still the expected one.',
    async run({ state, peer }) {
      await state.write('a', '0', 0)
      const states = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? state : (peer?.state ?? state)))
      for (const version of [1, 2]) {
        const written = await Promise.all(states.map((one, index) => one.write('a', `${index}`, version)))
        assert.deepEqual(
          written.filter((answer) => answer !== undefined),
          [version + 1],
        )
      }
    },
  },
  {
    name: 'watch: tells of each change, by any process',
    promise:
      'Calls back after each change of a key with this prefix, by any process, at least once and within a second.',
    async run(subject) {
      const { state, peer } = subject
      const told: string[] = []
      const stop = state.watch('templates/', (key) => told.push(key))
      await state.write('templates/a', '1', 0)
      await (peer?.state ?? state).write('templates/b', '1', 0)
      await eventually(subject, noticedWithinMs, async () => {
        assert.deepEqual([...new Set(told)].toSorted(), ['templates/a', 'templates/b'])
      })
      const before = told.length
      await (peer?.state ?? state).write('templates/a', '2', 1)
      await eventually(subject, noticedWithinMs, async () =>
        assert(told.slice(before).includes('templates/a'), 'the second change'),
      )
      stop()
    },
  },
  {
    name: 'watch: nothing of other keys',
    promise: 'Calls back after each change of a key with this prefix.',
    async run(subject) {
      const { state } = subject
      const told: string[] = []
      const stop = state.watch('a_b%/', (key) => told.push(key))
      await state.write('other', '1', 0)
      await state.write('axbc/d', '1', 0)
      await state.write('a_b%/c', 'stale', 7)
      await subject.advance(noticedWithinMs)
      assert.deepEqual(told, [])
      stop()
    },
  },
  {
    name: 'watch: ends when it is told to',
    promise: 'The answer ends it.',
    async run(subject) {
      const { state } = subject
      const told: string[] = []
      const stop = state.watch('', (key) => told.push(`stopped ${key}`))
      const stopOther = state.watch('', (key) => told.push(key))
      stop()
      stop()
      await state.write('a', '1', 0)
      await eventually(subject, noticedWithinMs, async () => assert.deepEqual([...new Set(told)], ['a']))
      stopOther()
    },
  },
]

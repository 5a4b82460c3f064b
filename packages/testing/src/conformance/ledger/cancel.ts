import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { held, newEntry, newMessage, newMessages, newParcel, refused, sent } from './parcels.js'
import { accept, handedOut, record, result, sending, work } from './work.js'

const compared = '`cancel`, `change` and results are compare-and-set on the step: one wins.'

export const cancelCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'cancel: what waits is done, and never handed out',
    promise: 'CancelAnswer: cancelled.',
    async run({ ledger }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      assert.deepEqual(await ledger.cancel(['a.0']), ['cancelled'])
      const { state, outcome, step } = await record(ledger, 'a')
      assert.deepEqual({ state, outcome, step }, { state: 'done', outcome: 'cancelled', step: 0 })
      assert.deepEqual(await handedOut(ledger, only(parcel.entries)), [])
    },
  },
  {
    name: 'cancel: what is being sent is too late',
    promise: 'Cancel of a `sending` message answers `too-late`.',
    async run({ ledger }) {
      const worker = await sending(ledger, newParcel('a', [newMessage()]))
      assert.deepEqual(await ledger.cancel(['a.0']), ['too-late'])
      assert.deepEqual((await worker.settle([result(0, sent)])).settled, [0])
    },
  },
  {
    name: 'cancel: what is held is too late',
    promise: 'Held: an attempt may have gone out and nobody knows.',
    async run({ ledger, now }) {
      const due = (await now()) + 60_000
      const worker = await sending(ledger, newParcel('a', [newMessage()]))
      await worker.settle([result(0, held(due))], { entries: [newEntry('a', [0], { id: 'hold', due })], finish: true })
      assert.deepEqual(await ledger.cancel(['a.0']), ['too-late'])
      assert.equal((await record(ledger, 'a')).state, 'held')
    },
  },
  {
    name: 'cancel: one answer each, in order',
    promise: 'CancelAnswer: cancelled, too-late, done, absent.',
    async run({ ledger }) {
      const worker = await work(ledger, await accept(ledger, newParcel('a', newMessages(3))))
      await worker.begin([0, 1])
      await worker.settle([result(0, refused)])
      const answers = await ledger.cancel(['z.0', 'a.0', 'a.1', 'no id', 'a.2', 'a.3'])
      assert.deepEqual(answers, ['absent', 'done', 'too-late', 'absent', 'cancelled', 'absent'])
      assert.equal((await record(ledger, 'a')).outcome, 'rejected')
    },
  },
  {
    name: 'cancel: a result that comes after it is not taken',
    promise: compared,
    async run({ ledger }) {
      const worker = await work(ledger, await accept(ledger, newParcel('a', [newMessage()])))
      await ledger.cancel(['a.0'])
      assert.deepEqual((await worker.settle([result(0, refused)])).settled, [])
      assert.equal((await record(ledger, 'a')).outcome, 'cancelled')
    },
  },
  {
    name: 'cancel: against begin, one wins',
    promise: compared,
    async run({ ledger, peer }) {
      const ids = Array.from({ length: 20 }, (_, position) => `a.${position}`)
      const worker = await work(ledger, await accept(ledger, newParcel('a', newMessages(20))))
      const half = Array.from({ length: 10 }, (_, index) => index)
      const [first, { begun }, second] = await Promise.all([
        (peer?.ledger ?? ledger).cancel(ids.slice(0, 10)),
        worker.begin(half.flatMap((index) => [index, index + 10])),
        (peer?.ledger ?? ledger).cancel(ids.slice(10)),
      ])
      for (const [position, answer] of [...first, ...second].entries()) {
        assert.equal(answer, begun.includes(position) ? 'too-late' : 'cancelled')
      }
    },
  },
]

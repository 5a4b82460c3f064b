import assert from 'node:assert/strict'
import type { NewParcel } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { allPending, assertOneEntryEach } from './one-entry.js'
import { again, held, newEntry, newMessages, newParcel, refused, sent } from './parcels.js'
import { accept, claimStatus, record, result, work } from './work.js'
import type { Work } from './work.js'

/** A parcel of two: the first was being sent when the lease ran out, and a second worker has taken over. */
async function takenOver({
  ledger,
  advance,
  timing,
}: LedgerSubject): Promise<{ parcel: NewParcel; late: Work; next: Work }> {
  const parcel = await accept(ledger, newParcel('a', newMessages(2)))
  const late = await work(ledger, parcel, undefined, timing.shortMs)
  await late.begin([0], { leaseMs: timing.shortMs })
  await advance(timing.shortMs + 1)
  const next = await work(ledger, parcel)
  return { parcel, late, next }
}

const stale = 'With a stale token only for a message that is `sending` or `held` at that step.'
const undo = 'Late evidence resolves what nobody knew, and never undoes what is known.'

export const lateEvidenceCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'late evidence: resolves what was being sent',
    promise: stale,
    async run(subject) {
      const { late } = await takenOver(subject)
      assert.deepEqual((await late.settle([result(0, sent)])).settled, [0])
      assert.equal((await record(subject.ledger, 'a', 0)).outcome, 'sent')
    },
  },
  {
    name: 'late evidence: resolves what is held',
    promise: stale,
    async run(subject) {
      const { late, next } = await takenOver(subject)
      const due = (await subject.now()) + 60_000
      await next.settle([result(0, held(due))], { entries: [newEntry('a', [0], { id: 'hold', due })] })
      assert.deepEqual((await late.settle([result(0, sent)])).settled, [0])
      assert.equal((await record(subject.ledger, 'a', 0)).outcome, 'sent')
    },
  },
  {
    name: 'late evidence: says nothing of what waits',
    promise: stale,
    async run(subject) {
      const { late } = await takenOver(subject)
      assert.deepEqual((await late.settle([result(1, sent)])).settled, [])
      assert.equal((await record(subject.ledger, 'a', 1)).state, 'waiting')
    },
  },
  {
    name: 'late evidence: says nothing of another step',
    promise: stale,
    async run(subject) {
      const { late, next, parcel } = await takenOver(subject)
      const due = await subject.now()
      const entry = newEntry('a', [0], { id: 'again', step: 1, due })
      await next.settle([result(0, again(due))], { entries: [entry] })
      const third = await work(subject.ledger, parcel, entry)
      await third.begin([0], { steps: [1] })
      assert.deepEqual((await late.settle([result(0, sent)])).settled, [])
      assert.equal((await record(subject.ledger, 'a', 0)).state, 'sending')
    },
  },
  {
    name: 'late evidence: does not undo what is known',
    promise: undo,
    async run(subject) {
      const { late, next } = await takenOver(subject)
      await next.settle([result(0, refused)])
      assert.deepEqual((await late.settle([result(0, sent)])).settled, [])
      assert.equal((await record(subject.ledger, 'a', 0)).outcome, 'rejected')
    },
  },
  {
    name: 'late evidence: does not finish an entry of somebody else',
    promise: 'Names this lease in every later call; a new claim has a new one.',
    async run(subject) {
      const { late, parcel } = await takenOver(subject)
      await late.settle([result(0, sent)], { finish: true })
      assert.equal(await claimStatus(subject.ledger, only(parcel.entries)), 'leased')
    },
  },
  {
    name: 'late evidence: brings the entry of what it puts back',
    promise: 'Every message that is not done is in exactly one pending entry with its step.',
    async run(subject) {
      const { late, parcel } = await takenOver(subject)
      const due = (await subject.now()) + 60_000
      const entries = [newEntry('a', [0], { id: 'late', step: 1, due })]
      assert.deepEqual((await late.settle([result(0, again(due))], { entries })).settled, [0])
      await assertOneEntryEach(subject.ledger, parcel)
    },
  },
  {
    name: 'late evidence: brings no entry of what was not taken',
    promise: 'Every message that is not done is in exactly one pending entry with its step.',
    async run(subject) {
      const { late, next, parcel } = await takenOver(subject)
      const due = (await subject.now()) + 60_000
      const settled = (id: string) => ({ entries: [newEntry('a', [0], { id, step: 1, due })] })
      await next.settle([result(0, again(due))], settled('next'))
      await late.settle([result(0, again(due))], settled('late'))
      await assertOneEntryEach(subject.ledger, parcel)
      assert.deepEqual((await allPending(subject.ledger)).map(({ id }) => id).toSorted(), ['a-entry', 'next'])
    },
  },
]

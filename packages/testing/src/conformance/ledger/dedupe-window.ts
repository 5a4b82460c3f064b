import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { eventually } from '../eventually.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { digestOf, newMessage, newParcel, sent } from './parcels.js'
import { accept, result, sending, work } from './work.js'

const keyed = newMessage({ digest: digestOf('key') })
const other = newMessage({ digest: digestOf('other') })

/** Accepts a message with this key and answers whether it was a duplicate. */
async function isDuplicate({ ledger }: LedgerSubject, id: string, message = keyed): Promise<boolean | undefined> {
  await ledger.sweep(1_000)
  return only(await ledger.accept([newParcel(id, [message])])).deduplicated[0]
}

export const dedupeWindowCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'dedupe window: a digest outlives its message',
    promise: 'A digest lasts at least the dedupe window.',
    async run(subject) {
      const worker = await sending(subject.ledger, newParcel('a', [keyed]))
      await worker.settle([result(0, sent)], { finish: true })
      assert.equal(await isDuplicate(subject, 'b'), true, 'at once')
      await subject.advance(Math.ceil(subject.timing.dedupeMs * 0.6))
      assert.equal(await isDuplicate(subject, 'c'), true, 'before the window is over')
    },
  },
  {
    name: 'dedupe window: a digest is gone after twice the window',
    promise: 'A digest lasts at most twice the dedupe window.',
    async run(subject) {
      const worker = await sending(subject.ledger, newParcel('a', [keyed]))
      await worker.settle([result(0, sent)], { finish: true })
      await subject.advance(subject.timing.dedupeMs * 2)
      assert.equal(await isDuplicate(subject, 'b'), false)
    },
  },
  {
    name: 'dedupe window: a parcel that lives keeps its digests',
    promise: 'A parcel that lives keeps its digests.',
    async run(subject) {
      const { ledger, timing } = subject
      const parcel = await accept(ledger, newParcel('a', [keyed, other]))
      const worker = await work(ledger, parcel)
      await worker.begin([1])
      await worker.settle([result(1, sent)])
      for (let windows = 0; windows < 3; windows += 1) {
        await subject.advance(timing.dedupeMs)
        await ledger.sweep(1_000)
      }
      assert.equal(await isDuplicate(subject, 'b'), true, 'of the message that waits')
      assert.equal(await isDuplicate(subject, 'c', other), true, 'of the message that is done, beside it')
    },
  },
  {
    name: 'dedupe window: the digest of a refused duplicate is not lengthened',
    promise: 'A digest lasts at most twice the dedupe window.',
    async run(subject) {
      const { ledger, timing, advance } = subject
      const worker = await sending(ledger, newParcel('a', [keyed]))
      await worker.settle([result(0, sent)], { finish: true })
      await advance(Math.ceil(timing.dedupeMs * 0.6))
      await isDuplicate(subject, 'b')
      await advance(Math.ceil(timing.dedupeMs * 1.4))
      let attempt = 0
      await eventually(subject, timing.shortMs, async () => {
        attempt += 1
        assert.equal(await isDuplicate(subject, `c${attempt}`), false)
      })
    },
  },
]

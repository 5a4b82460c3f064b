import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { eventually } from '../eventually.js'
import type { LedgerSubject } from '../subject.js'
import { newMessage, newMessages, newParcel, sent } from './parcels.js'
import { unlessPassed } from './unless-passed.js'
import { absent, accept, record, result, sending, work } from './work.js'

export const retentionCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'retention: what is done is there until it has passed',
    promise: 'What `accept` answered is there until it is done and its retention has passed.',
    async run(subject) {
      const { ledger, advance, now, timing } = subject
      const worker = await sending(ledger, newParcel('a', [newMessage()]))
      const before = await now()
      await worker.settle([result(0, sent)], { finish: true })
      await advance(Math.ceil(timing.retentionMs * 0.6))
      await ledger.sweep(1_000)
      await unlessPassed(subject, before, async () => assert.equal((await record(ledger, 'a')).outcome, 'sent'))
    },
  },
  {
    name: 'retention: then it is removed',
    promise: 'Sweep removes what its retention has passed.',
    async run(subject) {
      const { ledger, advance, timing } = subject
      const worker = await sending(ledger, newParcel('a', [newMessage()]))
      await worker.settle([result(0, sent)], { finish: true })
      await advance(timing.retentionMs)
      await eventually(subject, timing.retentionMs, async () => {
        await ledger.sweep(1_000)
        await absent(ledger, 'a')
      })
    },
  },
  {
    name: 'retention: counts from done',
    promise: 'Retention counts from done.',
    async run(subject) {
      const { ledger, advance, now, timing } = subject
      const worker = await sending(ledger, newParcel('a', [newMessage()]))
      await advance(timing.retentionMs * 2)
      const before = await now()
      await worker.settle([result(0, sent)], { finish: true })
      await ledger.sweep(1_000)
      await advance(Math.ceil(timing.retentionMs * 0.4))
      await ledger.sweep(1_000)
      await unlessPassed(subject, before, async () => assert.equal((await record(ledger, 'a')).outcome, 'sent'))
    },
  },
  {
    name: 'retention: what is not done stays',
    promise: 'A live parcel and its dedupe entries never expire.',
    async run({ ledger, advance, timing }) {
      const worker = await work(ledger, await accept(ledger, newParcel('a', newMessages(2))))
      await worker.begin([0])
      await worker.settle([result(0, sent)])
      for (let times = 0; times < 3; times += 1) {
        await advance(timing.retentionMs)
        await ledger.sweep(1_000)
      }
      assert.equal((await record(ledger, 'a', 1)).state, 'waiting')
      assert.equal((await record(ledger, 'a', 0)).state, 'done', 'the whole parcel lives')
    },
  },
]

import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import type { LedgerSubject } from '../subject.js'
import { newEntry, newMessage, newMessages, newParcel } from './parcels.js'
import { accept, work } from './work.js'

export const readCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'now: is the store’s clock and moves',
    promise: 'Times are judged by the store’s clock, which `now` tells.',
    async run({ ledger, advance, timing, now }) {
      const before = await ledger.now()
      assert(Math.abs(before - (await now())) <= 60_000)
      await advance(timing.shortMs)
      assert((await ledger.now()) >= before + timing.shortMs)
    },
  },
  {
    name: 'get: one answer each, in order',
    promise: 'get: the record, or undefined where there is none.',
    async run({ ledger }) {
      await ledger.accept([newParcel('a', newMessages(2)), newParcel('b', newMessages(1))])
      const found = await ledger.get(['a.1', 'z.0', 'b.0', 'a.2', '', 'no id', 'a.1'])
      const ids = ['a.1', undefined, 'b.0', undefined, undefined, undefined, 'a.1']
      assert.deepEqual(
        found.map((message) => message?.id),
        ids,
      )
    },
  },
  {
    name: 'pending: by due time, no more than the limit',
    promise: 'What must still run, by due time.',
    async run({ ledger, now }) {
      const soon = (await now()) + 60_000
      const entries = [30, 10, 20].map((later, index) => newEntry('a', [index], { id: `e${later}`, due: soon + later }))
      await accept(ledger, newParcel('a', newMessages(3), { entries }))
      await accept(ledger, newParcel('b', newMessages(1)))
      const ids = async (limit: number) => (await ledger.pending({}, limit)).map(({ id }) => id)
      assert.deepEqual(await ids(10), ['b-entry', 'e10', 'e20', 'e30'])
      assert.deepEqual(await ids(2), ['b-entry', 'e10'])
    },
  },
  {
    name: 'pending: every field of the filter must fit',
    promise: 'PendingFilter: lane, tenant, dueBefore.',
    async run({ ledger, now }) {
      const soon = (await now()) + 60_000
      const entries = [
        newEntry('a', [0], { id: 'urgent', lane: 'P0', due: soon }),
        newEntry('a', [1], { id: 'bulk', lane: 'P3' }),
      ]
      await accept(ledger, newParcel('a', newMessages(2), { entries }))
      await accept(
        ledger,
        newParcel('b', newMessages(1), { tenant: 'other', entries: [newEntry('b', [0], { lane: 'P0' })] }),
      )
      const ids = async (filter: object) => (await ledger.pending(filter, 10)).map(({ id }) => id).toSorted()
      assert.deepEqual(await ids({ lane: 'P0' }), ['b-entry', 'urgent'])
      assert.deepEqual(await ids({ tenant: 'acme' }), ['bulk', 'urgent'])
      assert.deepEqual(await ids({ dueBefore: soon - 1_000 }), ['b-entry', 'bulk'])
      assert.deepEqual(await ids({ lane: 'P0', tenant: 'other', dueBefore: soon }), ['b-entry'])
    },
  },
  {
    name: 'pending: tells who is leased',
    promise: 'PendingEntry: leased.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      const leased = async () => (await ledger.pending({}, 10)).map((entry) => entry.leased)
      assert.deepEqual(await leased(), [false])
      await work(ledger, parcel, undefined, timing.shortMs)
      assert.deepEqual(await leased(), [true])
      await advance(timing.shortMs + 1)
      assert.deepEqual(await leased(), [false])
    },
  },
]

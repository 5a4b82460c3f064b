import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { longLeaseMs, newEntry, newMessage, newMessages, newParcel } from './parcels.js'
import { accept, claimStatus, handedOut, record, work } from './work.js'

export const leaseCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'renew: lengthens a lease',
    promise: 'Lengthens leases; answers which are still held.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      const { claim } = await work(ledger, parcel, undefined, timing.shortMs)
      assert.deepEqual(await ledger.renew([claim], longLeaseMs), [true])
      await advance(timing.shortMs * 2)
      assert.equal(await claimStatus(ledger, only(parcel.entries)), 'leased')
    },
  },
  {
    name: 'renew: answers which are still held, in order',
    promise: 'Lengthens leases; answers which are still held.',
    async run({ ledger, advance, timing }) {
      const [a, b] = [newParcel('a', [newMessage()]), newParcel('b', [newMessage()])]
      const lost = await work(ledger, await accept(ledger, a), undefined, timing.shortMs)
      await advance(timing.shortMs + 1)
      const { claim } = await work(ledger, a, undefined, timing.shortMs)
      const other = await work(ledger, await accept(ledger, b))
      const unknown = { entry: 'nothing', token: claim.token }
      assert.deepEqual(await ledger.renew([lost.claim, other.claim, unknown], longLeaseMs), [false, true, false])
      await advance(timing.shortMs + 1)
      assert.equal(await claimStatus(ledger, only(a.entries)), 'claimed', 'a lost token renews nobody’s lease')
    },
  },
  {
    name: 'yield: gives the lease back without a takeover',
    promise: 'Gives leases back without a takeover.',
    async run({ ledger }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      const first = await work(ledger, parcel)
      await ledger.yield([first.claim])
      const { claim } = await work(ledger, parcel)
      assert.deepEqual([claim.takeovers, claim.before], [0, []])
      assert.deepEqual(
        claim.messages.map(({ state, step }) => [state, step]),
        [
          ['waiting', 0],
          ['waiting', 0],
        ],
      )
      assert.notEqual(claim.token, first.claim.token)
    },
  },
  {
    name: 'yield: ends the lease',
    promise: 'Names this lease in every later call; a new claim has a new one.',
    async run({ ledger }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      const worker = await work(ledger, parcel)
      await ledger.yield([worker.claim])
      assert.equal((await worker.begin([0])).lease, 'lost')
      assert.equal((await record(ledger, 'a')).state, 'waiting')
    },
  },
  {
    name: 'yield: until a due time',
    promise: 'yield(leases, due): not claimed again before that.',
    async run({ ledger, now, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      const { claim } = await work(ledger, parcel)
      const due = (await now()) + timing.shortMs
      await ledger.yield([claim], due)
      assert.equal(await claimStatus(ledger, only(parcel.entries)), 'not-due')
      const { due: pending, leased } = only(await ledger.pending({}, 10))
      assert.deepEqual({ due: pending, leased }, { due, leased: false })
      await advance(timing.shortMs)
      assert.equal((await handedOut(ledger, only(parcel.entries))).length, 1)
    },
  },
  {
    name: 'yield: a lost lease gives nothing back',
    promise: 'Names this lease in every later call; a new claim has a new one.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      const lost = await work(ledger, parcel, undefined, timing.shortMs)
      await advance(timing.shortMs + 1)
      await work(ledger, parcel)
      await ledger.yield([lost.claim, { entry: 'nothing', token: 'nobody' }])
      assert.equal(await claimStatus(ledger, newEntry('a', [0])), 'leased')
    },
  },
]

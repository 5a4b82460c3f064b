import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { longLeaseMs, newEntry, newMessage, newMessages, newParcel } from './parcels.js'
import { accept, record, work } from './work.js'

export const takeoverCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'takeover: a lease that ran out is taken, under a new token',
    promise: 'A new claim has a new token.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      const first = await work(ledger, parcel, undefined, timing.shortMs)
      await advance(timing.shortMs + 1)
      const second = await work(ledger, parcel)
      assert.notEqual(second.claim.token, first.claim.token)
    },
  },
  {
    name: 'takeover: tells the lease before and its slices',
    promise: 'The lease that ran out, and how many slices it had begun.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(3)))
      const first = await work(ledger, parcel, undefined, timing.shortMs)
      await first.begin([0], { leaseMs: timing.shortMs })
      await first.begin([1], { leaseMs: timing.shortMs, slice: 1 })
      await advance(timing.shortMs + 1)
      const second = await work(ledger, parcel, undefined, timing.shortMs)
      assert.deepEqual(second.claim.before, { token: first.claim.token, slices: 2 })
      await advance(timing.shortMs + 1)
      const third = await work(ledger, parcel)
      assert.deepEqual(third.claim.before, { token: second.claim.token, slices: 0 })
    },
  },
  {
    name: 'takeover: is counted',
    promise: 'How often a lease of this entry ran out.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      for (const takeovers of [0, 1, 2]) {
        const { claim } = await work(ledger, parcel, undefined, timing.shortMs)
        assert.equal(claim.takeovers, takeovers)
        assert.equal(only(await ledger.pending({}, 10)).takeovers, takeovers)
        await advance(timing.shortMs + 1)
      }
    },
  },
  {
    name: 'takeover: only what was being sent is interrupted',
    promise: 'After a lease has run out, only those that were `sending` may have gone out.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(4)))
      const first = await work(ledger, parcel, undefined, timing.shortMs)
      await first.begin([1], { leaseMs: timing.shortMs, attempting: ['to ses'] })
      await first.begin([3], { leaseMs: timing.shortMs, slice: 1, attempting: ['to sns'] })
      await advance(timing.shortMs + 1)
      const { claim } = await work(ledger, parcel)
      const seen = claim.messages.map(({ position, state, attempting, slice }) => [position, state, attempting, slice])
      assert.deepEqual(seen, [
        [0, 'waiting', undefined, undefined],
        [1, 'sending', 'to ses', 0],
        [2, 'waiting', undefined, undefined],
        [3, 'sending', 'to sns', 1],
      ])
      assert.equal((await record(ledger, 'a', 1)).step, 0)
    },
  },
  {
    name: 'takeover: of many at once, one is granted',
    promise: 'Each claim is one atomic step of its own.',
    async run({ ledger, peer, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      await work(ledger, parcel, undefined, timing.shortMs)
      await advance(timing.shortMs + 1)
      const envelopes = [{ schema: 1, tenant: 'acme', ...newEntry('a', [0]) } as const]
      const ledgers = [ledger, peer?.ledger ?? ledger, ledger]
      const claims = ledgers.map((one, index) =>
        one.claim({ envelopes, owner: `worker-${index}`, leaseMs: longLeaseMs }),
      )
      const statuses = (await Promise.all(claims)).map((answer) => only(answer).status)
      assert.deepEqual(statuses.toSorted(), ['claimed', 'leased', 'leased'])
    },
  },
]

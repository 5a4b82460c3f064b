import assert from 'node:assert/strict'
import { deadLeaseLimit } from '@reachkit/core/spec'
import type { DeadLease, Ledger, NewParcel } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { longLeaseMs, newEntry, newMessage, newMessages, newParcel, sent } from './parcels.js'
import { accept, claimStatus, record, result, work } from './work.js'

/** Claims the entry, and lets the lease run out. */
async function diesUnbegun(
  ledger: Ledger,
  parcel: NewParcel,
  { advance, timing }: Pick<LedgerSubject, 'advance' | 'timing'>,
): Promise<DeadLease> {
  const { claim } = await work(ledger, parcel, undefined, timing.shortMs)
  await advance(timing.shortMs + 1)
  return { token: claim.token, slices: 0 }
}

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
      const began = { token: first.claim.token, slices: 2 }
      assert.deepEqual(second.claim.before, [began])
      await advance(timing.shortMs + 1)
      const third = await work(ledger, parcel)
      assert.deepEqual(third.claim.before, [began, { token: second.claim.token, slices: 0 }])
    },
  },
  {
    name: 'takeover: one that began a slice takes the place of those before it',
    promise: 'The leases that ran out since one last came to begin a slice.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      const dead = await diesUnbegun(ledger, parcel, { advance, timing })
      const second = await work(ledger, parcel, undefined, timing.shortMs)
      assert.deepEqual(second.claim.before, [dead])
      await second.begin([0], { leaseMs: timing.shortMs })
      await advance(timing.shortMs + 1)
      const { claim } = await work(ledger, parcel)
      assert.deepEqual(claim.before, [{ token: second.claim.token, slices: 1 }])
    },
  },
  {
    name: 'takeover: of more than are told, the first',
    promise: 'Of more than `deadLeaseLimit` the first are told.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      const dead: DeadLease[] = []
      while (dead.length < deadLeaseLimit + 2) dead.push(await diesUnbegun(ledger, parcel, { advance, timing }))
      const { claim } = await work(ledger, parcel)
      assert.deepEqual(claim.before, dead.slice(0, deadLeaseLimit))
      assert.equal(claim.takeovers, dead.length)
    },
  },
  {
    name: 'takeover: an entry is not gone while a dead lease is to be resolved',
    promise: 'Gone: nothing is left to do, and no dead lease to be resolved.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      const first = await work(ledger, parcel, undefined, timing.shortMs)
      await first.begin([0, 1], { leaseMs: timing.shortMs })
      await first.settle([result(0, sent), result(1, sent)])
      await advance(timing.shortMs + 1)
      const heir = await work(ledger, parcel)
      assert.deepEqual(heir.claim.messages, [])
      assert.deepEqual(heir.claim.before, [{ token: first.claim.token, slices: 1 }])
      await heir.settle([], { finish: true })
      assert.equal(await claimStatus(ledger, only(parcel.entries)), 'gone')
    },
  },
  {
    name: 'takeover: what is given back unbegun tells of dead leases again',
    promise: 'The dead leases before one that began no slice are told again.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      const dead = await diesUnbegun(ledger, parcel, { advance, timing })
      await ledger.yield([(await work(ledger, parcel)).claim])
      const second = await work(ledger, parcel)
      assert.deepEqual([second.claim.before, second.claim.takeovers], [[dead], 1])
      await second.begin([0])
      await second.settle([result(0, sent)])
      await ledger.yield([second.claim])
      assert.deepEqual((await work(ledger, parcel)).claim.before, [])
    },
  },
  {
    name: 'takeover: what was being sent is told again where it was given back unsettled',
    promise: 'What was about to be attempted: handed back at takeover.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(3)))
      const dead = await work(ledger, parcel, undefined, timing.shortMs)
      await dead.begin([1], { leaseMs: timing.shortMs, attempting: ['to ses'] })
      await advance(timing.shortMs + 1)
      // As one does that does not know the message type.
      await ledger.yield([(await work(ledger, parcel)).claim])
      const { claim } = await work(ledger, parcel)
      const sending = claim.messages.filter(({ state }) => state === 'sending')
      assert.deepEqual(
        sending.map(({ position, attempting, slice }) => [position, attempting, slice]),
        [[1, 'to ses', 0]],
      )
      assert.deepEqual([claim.before, claim.takeovers], [[{ token: dead.claim.token, slices: 1 }], 1])
    },
  },
  {
    name: 'takeover: what leaves an entry leaves its dead leases there',
    promise: 'Gone: nothing is left to do, and no dead lease to be resolved.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      const dead = await diesUnbegun(ledger, parcel, { advance, timing })
      await ledger.yield([(await work(ledger, parcel)).claim])
      assert.deepEqual(await ledger.cancel(['a.0']), ['cancelled'])
      const { before, messages } = (await work(ledger, parcel)).claim
      assert.deepEqual([before, messages], [[dead], []])
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

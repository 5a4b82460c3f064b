import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { again, longLeaseMs, newEntry, newMessage, newMessages, newParcel, sent } from './parcels.js'
import { accept, claimStatus, record, result, sending, work } from './work.js'

export const beginCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'begin: marks a slice as being sent',
    promise: 'The positions that are `sending` now.',
    async run({ ledger }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(3)))
      const worker = await work(ledger, parcel)
      assert.deepEqual(await worker.begin([0, 2]), { lease: 'held', begun: [0, 2], settled: [], envelopes: [] })
      const states = (await ledger.get(['a.0', 'a.1', 'a.2'])).map((message) => [message?.state, message?.step])
      assert.deepEqual(states, [
        ['sending', 0],
        ['waiting', 0],
        ['sending', 0],
      ])
    },
  },
  {
    name: 'begin: a message is begun at most once a step',
    promise: 'A message is begun at most once a step.',
    async run({ ledger }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      const worker = await work(ledger, parcel)
      await worker.begin([0])
      const second = await worker.begin([0, 1], { slice: 1 })
      assert.deepEqual(second.begun, [1])
    },
  },
  {
    name: 'begin: of many at once, one begins a message',
    promise: 'A message is begun at most once a step.',
    async run({ ledger, peer }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(5)))
      const { entry, token } = (await work(ledger, parcel)).claim
      const [positions, steps] = [
        [0, 1, 2, 3, 4],
        [0, 0, 0, 0, 0],
      ]
      const attempting = positions.map(String)
      const request = { entry, token, leaseMs: longLeaseMs, slice: 0, parcel: 'a', positions, steps, attempting }
      const ledgers = [ledger, peer?.ledger ?? ledger, ledger]
      const begun = (await Promise.all(ledgers.map((one) => one.begin([request])))).flatMap(
        (answer) => only(answer).begun,
      )
      assert.deepEqual(
        begun.toSorted((a, b) => a - b),
        positions,
      )
    },
  },
  {
    name: 'begin: not at another step',
    promise: 'The positions that are `sending` now: step matched.',
    async run({ ledger }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      const worker = await work(ledger, parcel)
      assert.deepEqual((await worker.begin([0, 1], { steps: [1, 0] })).begun, [1])
      assert.equal((await record(ledger, 'a', 0)).state, 'waiting')
    },
  },
  {
    name: 'begin: not what was cancelled',
    promise: 'The positions that are `sending` now: state was waiting.',
    async run({ ledger }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      const worker = await work(ledger, parcel)
      await ledger.cancel(['a.1'])
      assert.deepEqual((await worker.begin([0, 1])).begun, [0])
      assert.equal((await record(ledger, 'a', 1)).outcome, 'cancelled')
    },
  },
  {
    name: 'begin: not before it is due',
    promise: 'The positions that are `sending` now: due.',
    async run({ ledger, now }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      const worker = await work(ledger, parcel)
      const due = (await now()) + 3_600_000
      const entries = [newEntry('a', [0], { id: 'later', step: 1, due })]
      await worker.settle([result(0, again(due))], { entries })
      assert.deepEqual((await worker.begin([0, 1], { steps: [1, 0] })).begun, [1])
    },
  },
  {
    name: 'begin: not once it is expired',
    promise: 'The positions that are `sending` now: not expired.',
    async run({ ledger, now, advance, timing }) {
      const at = await now()
      const messages = [newMessage({ expires: at + timing.shortMs }), newMessage({ expires: at + 3_600_000 })]
      const worker = await work(ledger, await accept(ledger, newParcel('a', messages)))
      await advance(timing.shortMs + 1)
      assert.deepEqual((await worker.begin([0, 1])).begun, [1])
      assert.equal((await record(ledger, 'a', 0)).state, 'waiting')
    },
  },
  {
    name: 'begin: settles the slice before in the same call',
    promise: 'The slice before, settled in the same step.',
    async run({ ledger }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(3)))
      const worker = await work(ledger, parcel)
      await worker.begin([0, 1])
      const { entry, token } = worker.claim
      const results = [result(0, sent), result(1, sent, 4)]
      const settle = { entry, token, parcel: 'a', results, entries: [], finish: false }
      assert.deepEqual(await worker.begin([2], { slice: 1, settle }), {
        lease: 'held',
        begun: [2],
        settled: [0],
        envelopes: [],
      })
      assert.equal((await record(ledger, 'a', 0)).state, 'done')
      assert.equal((await record(ledger, 'a', 1)).state, 'sending')
    },
  },
  {
    name: 'begin: writes the entries of what it settles',
    promise: 'Every message that is not done is in exactly one pending entry with its step.',
    async run({ ledger, now }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      const worker = await work(ledger, parcel)
      await worker.begin([0])
      const due = await now()
      const entries = [newEntry('a', [0], { id: 'again', step: 1, due })]
      const { entry, token } = worker.claim
      const settle = { entry, token, parcel: 'a', results: [result(0, again(due))], entries, finish: false }
      const answer = await worker.begin([1], { slice: 1, settle })
      if (!ledger.capabilities.pool)
        assert.deepEqual(
          answer.envelopes.map(({ id }) => id),
          ['again'],
        )
      assert.equal(await claimStatus(ledger, only(entries)), 'claimed')
    },
  },
  {
    name: 'begin: renews the lease',
    promise: 'One call settles the last slice, renews the lease and begins the next.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      const worker = await work(ledger, parcel, undefined, timing.shortMs)
      await worker.begin([0], { leaseMs: longLeaseMs })
      await advance(timing.shortMs * 2)
      assert.equal(await claimStatus(ledger, only(parcel.entries)), 'leased')
    },
  },
  {
    name: 'begin: nothing under a lost lease',
    promise: 'Where the lease is lost nothing was begun, and `settle` was applied as by a stale token.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(3)))
      const first = await work(ledger, parcel, undefined, timing.shortMs)
      await first.begin([0], { leaseMs: timing.shortMs })
      await advance(timing.shortMs + 1)
      await work(ledger, parcel)
      const { entry, token } = first.claim
      const results = [result(0, sent), result(1, sent)]
      const settle = { entry, token, parcel: 'a', results, entries: [], finish: false }
      const answer = await first.begin([2], { slice: 1, settle })
      assert.deepEqual(answer, { lease: 'lost', begun: [], settled: [0], envelopes: [] })
      const states = (await ledger.get(['a.0', 'a.1', 'a.2'])).map((message) => message?.state)
      assert.deepEqual(states, ['done', 'waiting', 'waiting'])
    },
  },
  {
    name: 'begin: nothing under an entry that is finished',
    promise: 'Where the lease is lost nothing was begun.',
    async run({ ledger }) {
      const worker = await sending(ledger, newParcel('a', [newMessage()]))
      await worker.settle([result(0, sent)], { finish: true })
      assert.deepEqual(await worker.begin([0], { slice: 1 }), { lease: 'lost', begun: [], settled: [], envelopes: [] })
    },
  },
  {
    name: 'begin: one answer each, in order',
    promise: 'Batch-first: one answer each, in the same order.',
    async run({ ledger }) {
      await ledger.accept([newParcel('a', newMessages(1)), newParcel('b', newMessages(2))])
      const a = (await work(ledger, newParcel('a', newMessages(1)))).claim
      const b = (await work(ledger, newParcel('b', newMessages(2)))).claim
      const common = { leaseMs: longLeaseMs, slice: 0 }
      const answers = await ledger.begin([
        {
          ...common,
          entry: b.entry,
          token: b.token,
          parcel: 'b',
          positions: [0, 1],
          steps: [0, 0],
          attempting: ['x', 'y'],
        },
        { ...common, entry: a.entry, token: 'nobody', parcel: 'a', positions: [0], steps: [0], attempting: ['x'] },
        { ...common, entry: a.entry, token: a.token, parcel: 'a', positions: [0], steps: [0], attempting: ['x'] },
      ])
      assert.deepEqual(
        answers.map(({ lease, begun }) => [lease, begun]),
        [
          ['held', [0, 1]],
          ['lost', []],
          ['held', [0]],
        ],
      )
    },
  },
]

import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { fieldsOf } from './fields.js'
import { again, envelopeOf, longLeaseMs, newEntry, newMessage, newMessages, newParcel, held } from './parcels.js'
import { accept, claimStatus, handedOut, record, result, tryClaim, work } from './work.js'

export const claimCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'claim: takes the lease and reads the messages',
    promise: 'Takes the lease of each envelope’s entry, where nobody has a living one, and reads its messages.',
    async run({ ledger }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      const { claim } = await work(ledger, parcel)
      const { entry, takeovers, before } = claim
      assert.deepEqual({ entry, takeovers, before }, { entry: 'a-entry', takeovers: 0, before: [] })
      assert.notEqual(claim.token, '')
      assert.deepEqual(
        claim.messages.map(({ position, attempting, slice }) => [position, attempting, slice]),
        [
          [0, undefined, undefined],
          [1, undefined, undefined],
        ],
      )
      for (const message of claim.messages) {
        assert.deepEqual(fieldsOf(message), fieldsOf(await record(ledger, 'a', message.position)))
      }
      assert.equal(only(await ledger.pending({}, 10)).leased, true)
    },
  },
  {
    name: 'claim: the data as a value is the data',
    promise: 'The data as a value, where the ledger has it at hand; else `data` is parsed.',
    async run({ ledger, now }) {
      const message = newMessage({ data: '{"n":1}', value: { n: 1 } })
      const parcel = await accept(ledger, newParcel('a', [message, message]))
      const entry = { id: 'changed', lane: 'P2', weight: 1 } as const
      const to = again(await now())
      await ledger.change([{ id: 'a.1', step: 0, from: ['waiting'], to, data: '{"n":2}', entry, events: [] }])
      const first = only(await handedOut(ledger, only(parcel.entries)))
      const second = only(await handedOut(ledger, { ...newEntry('a', [1]), ...entry }))
      for (const [claimed, n] of [
        [first, 1],
        [second, 2],
      ] as const) {
        assert.equal(claimed.data, `{"n":${n}}`)
        assert.deepEqual(claimed.value ?? { n }, { n })
      }
    },
  },
  {
    name: 'claim: a living lease is not taken',
    promise: 'Takes the lease of each envelope’s entry, where nobody has a living one.',
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      await work(ledger, parcel)
      await advance(timing.shortMs)
      const request = { envelopes: [envelopeOf(only(parcel.entries))], leaseMs: longLeaseMs }
      for (const owner of ['worker-1', 'worker-2']) {
        assert.deepEqual(await ledger.claim({ ...request, owner }), [{ status: 'leased' }])
      }
    },
  },
  {
    name: 'claim: an entry that is not there is gone',
    promise: 'Claim: gone.',
    async run({ ledger }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      assert.equal(await claimStatus(ledger, newEntry('b', [0])), 'gone')
      assert.equal(await claimStatus(ledger, newEntry('a', [0], { id: 'another' })), 'gone')
      await (await work(ledger, parcel)).settle([], { finish: true })
      assert.equal(await claimStatus(ledger, only(parcel.entries)), 'gone')
    },
  },
  {
    name: 'claim: an entry is not claimed before it is due',
    promise: 'Claim: not-due, by the store’s clock, whatever the envelope says.',
    async run({ ledger, now, advance, timing }) {
      const due = (await now()) + timing.shortMs
      const entry = newEntry('a', [0], { due })
      await accept(ledger, newParcel('a', [newMessage()], { entries: [entry] }))
      assert.deepEqual(await tryClaim(ledger, envelopeOf({ ...entry, due: 0 })), { status: 'not-due', due })
      await advance(timing.shortMs)
      assert.equal(await claimStatus(ledger, entry), 'claimed')
    },
  },
  {
    name: 'claim: one answer each, in order',
    promise: 'One answer each.',
    async run({ ledger, now }) {
      const later = newEntry('c', [0], { due: (await now()) + 3_600_000 })
      await ledger.accept([
        newParcel('a', [newMessage()]),
        newParcel('b', [newMessage()]),
        newParcel('c', [newMessage()], { entries: [later] }),
      ])
      await tryClaim(ledger, envelopeOf(newEntry('b', [0])))
      const envelopes = [newEntry('x', [0]), newEntry('b', [0]), later, newEntry('a', [0])].map((entry) =>
        envelopeOf(entry),
      )
      const claims = await ledger.claim({ envelopes, owner: 'worker-1', leaseMs: longLeaseMs })
      assert.deepEqual(
        claims.map(({ status }) => status),
        ['gone', 'leased', 'not-due', 'claimed'],
      )
    },
  },
  {
    name: 'claim: of many claims at once, one is granted',
    promise: 'Each claim is one atomic step of its own.',
    async run({ ledger, peer }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(3)))
      const ledgers = [ledger, peer?.ledger ?? ledger, ledger, peer?.ledger ?? ledger]
      const claims = await Promise.all(ledgers.map((one) => claimStatus(one, only(parcel.entries))))
      assert.deepEqual(claims.toSorted(), ['claimed', 'leased', 'leased', 'leased'])
    },
  },
  {
    name: 'claim: a message that has moved on is not handed out',
    promise: 'Those of the envelope whose step still matches.',
    async run({ ledger, now, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(3)))
      const due = (await now()) + timing.shortMs
      const worker = await work(ledger, parcel)
      const entries = [newEntry('a', [1], { id: 'again', step: 1, due })]
      await worker.settle([result(1, again(due))], { entries })
      await ledger.yield([worker.claim])
      await advance(timing.shortMs)
      const first = await handedOut(ledger, only(parcel.entries))
      assert.deepEqual(
        first.map(({ position }) => position),
        [0, 2],
      )
      const second = await handedOut(ledger, only(entries))
      assert.deepEqual(
        second.map(({ position, step }) => [position, step]),
        [[1, 1]],
      )
    },
  },
  {
    name: 'claim: a message that is done is not handed out',
    promise: 'Those of the envelope that wait, are held and due, or were being sent.',
    async run({ ledger }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      await ledger.cancel(['a.0'])
      const messages = await handedOut(ledger, only(parcel.entries))
      assert.deepEqual(
        messages.map(({ position }) => position),
        [1],
      )
    },
  },
  {
    name: 'claim: a held message is handed out when it is due',
    promise: 'Those of the envelope that wait, are held and due, or were being sent.',
    async run({ ledger, now, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      const worker = await work(ledger, parcel)
      await worker.begin([0])
      const due = (await now()) + timing.shortMs
      const entry = newEntry('a', [0], { id: 'hold', due })
      await worker.settle([result(0, held(due, 'note'))], { entries: [entry], finish: true })
      assert.equal(await claimStatus(ledger, entry), 'not-due')
      await advance(timing.shortMs)
      const { state, step, progress } = only(await handedOut(ledger, entry))
      assert.deepEqual({ state, step, progress }, { state: 'held', step: 0, progress: 'note' })
    },
  },
]

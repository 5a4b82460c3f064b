import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { allPending } from './one-entry.js'
import { digestOf, newEntry, newMessage, newMessages, newParcel } from './parcels.js'
import { absent, accept, handedOut, record } from './work.js'

const keyed = newMessage({ digest: digestOf('key'), data: '{"first":true}' })
const second = newMessage({ digest: digestOf('key'), data: '{"first":false}' })

export const dedupeCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'dedupe: inside one parcel',
    promise: 'Whoever comes second gets the first one’s id.',
    async run({ ledger }) {
      const parcel = newParcel('a', [newMessage(), keyed, second])
      const answer = only(await ledger.accept([parcel]))
      assert.deepEqual(
        [answer.ids, answer.deduplicated],
        [
          ['a.0', 'a.1', 'a.1'],
          [false, false, true],
        ],
      )
      const messages = await handedOut(ledger, only(parcel.entries))
      assert.deepEqual(
        messages.map(({ id }) => id),
        ['a.0', 'a.1'],
      )
    },
  },
  {
    name: 'dedupe: across parcels the first data wins',
    promise: 'A second caller gets the message id with `deduplicated: true` (the first data wins).',
    async run({ ledger }) {
      await accept(ledger, newParcel('a', [keyed]))
      const [again, inSameCall] = await ledger.accept([
        newParcel('b', [newMessage(), second]),
        newParcel('c', [second]),
      ])
      assert.deepEqual(
        [again?.ids, again?.deduplicated],
        [
          ['b.0', 'a.0'],
          [false, true],
        ],
      )
      assert.deepEqual([inSameCall?.ids, inSameCall?.deduplicated], [['a.0'], [true]])
      assert.equal((await record(ledger, 'a')).data, '{"first":true}')
      await absent(ledger, 'b', 1)
    },
  },
  {
    name: 'dedupe: digests that differ in anything are apart',
    promise: '96 bits in base64 over tenant, type, recipient and key.',
    async run({ ledger }) {
      await accept(ledger, newParcel('a', [newMessage({ digest: 'abcdefghijklmnop' })]))
      const near = ['Abcdefghijklmnop', 'abcdefghijklmnoP', 'abcdefghijklmno+', 'bbcdefghijklmnop', 'abcdefgh/jklmnop']
      const parcel = newParcel(
        'b',
        near.map((digest) => newMessage({ digest })),
        { tenant: 'other' },
      )
      const answer = only(await ledger.accept([parcel]))
      assert.deepEqual(
        answer.deduplicated,
        near.map(() => false),
      )
    },
  },
  {
    name: 'dedupe: a message without digest is never a duplicate',
    promise: 'digest: undefined where nothing is to be deduplicated.',
    async run({ ledger }) {
      await accept(ledger, newParcel('a', [newMessage(), newMessage()]))
      const answer = only(await ledger.accept([newParcel('b', [newMessage()])]))
      assert.deepEqual(answer.deduplicated, [false])
    },
  },
  {
    name: 'dedupe: an entry comes without duplicates, an empty one not at all',
    promise: 'An entry a position of which was deduplicated comes without it; an empty one not at all.',
    async run({ ledger }) {
      await accept(ledger, newParcel('a', [keyed]))
      const entries = [newEntry('b', [0, 1], { id: 'mixed' }), newEntry('b', [2], { id: 'empty' })]
      const answer = only(await ledger.accept([newParcel('b', [second, newMessage(), second], { entries })]))
      const mixed = { ...newEntry('b', [1]).cargo }
      const pending = (await allPending(ledger)).filter(({ id }) => id !== 'a-entry')
      assert.deepEqual(
        pending.map(({ id, cargo }) => ({ id, cargo })),
        [{ id: 'mixed', cargo: mixed }],
      )
      if (ledger.capabilities.pool) return
      assert.deepEqual(
        answer.envelopes.map(({ id, cargo }) => ({ id, cargo })),
        [{ id: 'mixed', cargo: mixed }],
      )
    },
  },
  {
    name: 'dedupe: an announced duplicate keeps a record that names the first',
    promise: 'The ids were told to somebody before this call: a duplicate keeps a record that names the first.',
    async run({ ledger }) {
      await accept(ledger, newParcel('a', [keyed]))
      const answer = only(await ledger.accept([newParcel('b', [second, newMessage()], { announced: true })]))
      assert.deepEqual(
        [answer.ids, answer.deduplicated],
        [
          ['a.0', 'b.1'],
          [true, false],
        ],
      )
      const { state, outcome, reason, into } = await record(ledger, 'b', 0)
      assert.deepEqual(
        { state, outcome, code: reason?.code, into },
        { state: 'done', outcome: 'merged', code: 'duplicate', into: 'a.0' },
      )
      assert.deepEqual(
        (await handedOut(ledger, newEntry('b', [0, 1]))).map(({ id }) => id),
        ['b.1'],
      )
    },
  },
  {
    name: 'dedupe: a parcel that is accepted again answers its duplicates again',
    promise: 'A second accept of the same id changes nothing and answers as the first one did.',
    async run({ ledger }) {
      await accept(ledger, newParcel('a', [keyed]))
      const parcels = [
        newParcel('b', [second, newMessage()]),
        newParcel('c', [keyed, newMessage()], { announced: true }),
      ]
      const first = await ledger.accept(parcels)
      const again = await ledger.accept(parcels)
      assert.deepEqual(
        again.map(({ status }) => status),
        ['known', 'known'],
      )
      assert.deepEqual(
        again.map(({ ids, deduplicated }) => [ids, deduplicated]),
        first.map(({ ids, deduplicated }) => [ids, deduplicated]),
      )
    },
  },
  {
    name: 'dedupe: of many accepts at once, one is the first',
    promise: 'Each parcel is one atomic step of its own.',
    async run({ ledger, peer }) {
      const ledgers = [ledger, peer?.ledger ?? ledger, ledger, peer?.ledger ?? ledger]
      const accepts = ledgers.map((one, index) => one.accept([newParcel(`p${index}`, [...newMessages(5), keyed])]))
      const answers = (await Promise.all(accepts)).map(only)
      assert.equal(answers.filter(({ deduplicated }) => deduplicated[5] === false).length, 1)
      assert.equal(new Set(answers.map(({ ids }) => ids[5])).size, 1)
    },
  },
]

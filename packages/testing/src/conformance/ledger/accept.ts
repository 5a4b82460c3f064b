import assert from 'node:assert/strict'
import { messageId, parcelLimit } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { fieldsOf } from './fields.js'
import { allPending, assertOneEntryEach } from './one-entry.js'
import { newEntry, newMessage, newMessages, newParcel, sent } from './parcels.js'
import { accept, record, result, sending } from './work.js'

export const acceptCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'accept: answers one id a message',
    promise: 'One a message, in order: its id, or the first one’s.',
    async run({ ledger }) {
      const answers = await ledger.accept([newParcel('a', newMessages(3)), newParcel('b', newMessages(1))])
      assert.deepEqual(
        answers.map(({ status, ids, deduplicated }) => ({ status, ids, deduplicated })),
        [
          { status: 'accepted', ids: ['a.0', 'a.1', 'a.2'], deduplicated: [false, false, false] },
          { status: 'accepted', ids: ['b.0'], deduplicated: [false] },
        ],
      )
    },
  },
  {
    name: 'accept: keeps every field of a message',
    promise: 'What `accept` answered is there.',
    async run({ ledger, now }) {
      const before = await now()
      const labels = { category: 'orders', group: 'g-1', module: 'shop', line: 'retail', trigger: 'cart' }
      const odd = newMessage({
        type: 'Größe.geändert',
        version: 7,
        recipient: '~digest',
        inline: '{"email":"a@example.com"}',
        data: JSON.stringify({ text: '🙂 "quoted" \\ ¥ \u0000', long: 'x'.repeat(70_000) }),
        lane: 'P0',
        labels,
        sandbox: true,
        expires: before + 86_400_000,
      })
      await accept(ledger, newParcel('a', [odd], { tenant: 'Ünïcode' }))
      const found = await record(ledger, 'a')
      const { acceptedAt, due } = found
      const { digest: _, ...given } = odd
      const fresh = {
        state: 'waiting',
        step: 0,
        outcome: undefined,
        reason: undefined,
        progress: undefined,
        into: undefined,
        run: undefined,
      }
      assert.deepEqual(fieldsOf(found), { id: 'a.0', tenant: 'Ünïcode', ...given, ...fresh, acceptedAt, due })
      assert(acceptedAt >= before && acceptedAt <= (await now()), 'acceptedAt is to be by the store’s clock')
      assert(due <= (await now()), 'a message that is due at 0 is due now')
    },
  },
  {
    name: 'accept: keeps the labels of each message',
    promise: 'What `accept` answered is there.',
    async run({ ledger, peer }) {
      const names = ['category', 'group', 'module', 'line', 'trigger'] as const
      const labels = [{}, ...names.map((name) => ({ [name]: 'same' }))]
      await accept(
        ledger,
        newParcel(
          'a',
          labels.map((own) => newMessage({ labels: own })),
        ),
      )
      const found = await (peer?.ledger ?? ledger).get(labels.map((_, position) => messageId('a', position)))
      assert.deepEqual(
        found.map((message) => message?.labels),
        labels,
      )
    },
  },
  {
    name: 'accept: takes a parcel of the longest length',
    promise: 'parcelLimit: the longest parcel.',
    async run({ ledger }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(parcelLimit)))
      const ids = parcel.messages.map((_, position) => messageId('a', position))
      const data = (await ledger.get(ids)).map((message) => message?.data)
      assert.deepEqual(
        data,
        parcel.messages.map((message) => message.data),
      )
    },
  },
  {
    name: 'accept: writes one pending entry an envelope',
    promise: '`accept` writes parcel, dedupe entries and one pending entry per envelope in one atomic step.',
    async run({ ledger, now }) {
      const due = (await now()) + 3_600_000
      const urgent = newEntry('a', [0, 2], { id: 'urgent', lane: 'P0', weight: 3 })
      const later = newEntry('a', [1], { id: 'later', due })
      const parcel = await accept(ledger, newParcel('a', newMessages(3), { entries: [urgent, later] }))
      const [first, second, ...more] = await ledger.pending({}, 10)
      assert(first !== undefined && second !== undefined && more.length === 0, 'two entries are to be pending')
      const fixed = { tenant: 'acme', leased: false, takeovers: 0 }
      assert.deepEqual(first, { ...urgent, ...fixed, due: first.due })
      assert.deepEqual(second, { ...later, ...fixed })
      assert(first.due <= (await now()))
      assert.equal((await record(ledger, 'a', 1)).due, due)
      await assertOneEntryEach(ledger, parcel)
    },
  },
  {
    name: 'accept: answers what has to be pushed',
    promise: 'envelopes: what has to be pushed.',
    when: ({ ledger }) => !ledger.capabilities.pool,
    async run({ ledger, now }) {
      const entry = newEntry('a', [0, 1], { lane: 'P1', weight: 2, due: (await now()) + 60_000 })
      const answer = only(await ledger.accept([newParcel('a', newMessages(2), { entries: [entry] })]))
      assert.deepEqual(only(answer.envelopes), { ...entry, schema: 1, tenant: 'acme' })
    },
  },
  {
    name: 'accept: a second accept of a parcel changes nothing',
    promise: 'A second accept of the same id changes nothing and answers as the first one did.',
    async run({ ledger }) {
      await accept(ledger, newParcel('a', newMessages(2)))
      const other = [newMessage({ data: '{"n":"other"}' }), newMessage()]
      const second = newParcel('a', other, { entries: [newEntry('a', [0, 1], { id: 'second' })] })
      const answer = only(await ledger.accept([second]))
      assert.equal(answer.status, 'known')
      assert.deepEqual(
        [answer.ids, answer.deduplicated],
        [
          ['a.0', 'a.1'],
          [false, false],
        ],
      )
      assert.equal((await record(ledger, 'a')).data, '{"n":0}')
      assert.deepEqual(
        (await allPending(ledger)).map(({ id }) => id),
        ['a-entry'],
      )
    },
  },
  {
    name: 'accept: answers the same again, whatever became of the messages',
    promise: 'A second accept of the same id changes nothing and answers as the first one did.',
    async run({ ledger }) {
      const worker = await sending(ledger, newParcel('a', newMessages(2)))
      const reason = { code: 'duplicate' }
      await worker.settle([result(0, { state: 'done', outcome: 'merged', reason, into: 'z.9' }), result(1, sent)], {
        finish: true,
      })
      const { ids, deduplicated } = only(await ledger.accept([newParcel('a', newMessages(2))]))
      assert.deepEqual({ ids, deduplicated }, { ids: ['a.0', 'a.1'], deduplicated: [false, false] })
      assert.equal((await record(ledger, 'a')).state, 'done')
    },
  },
  {
    name: 'accept: of two accepts of a parcel at once, one is accepted',
    promise: 'Each parcel is one atomic step of its own.',
    async run({ ledger, peer }) {
      const ledgers = [ledger, peer?.ledger ?? ledger, ledger]
      const answers = await Promise.all(ledgers.map((one) => one.accept([newParcel('a', newMessages(2))])))
      const statuses = answers.map((answer) => only(answer).status).toSorted()
      assert.deepEqual(statuses, ['accepted', 'known', 'known'])
      assert.equal((await allPending(ledger)).length, 1)
    },
  },
]

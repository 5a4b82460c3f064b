import assert from 'node:assert/strict'
import type { Change, Ledger } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { allPending, assertOneEntryEach } from './one-entry.js'
import { again, held, newEntry, newMessage, newMessages, newParcel, refused, sent } from './parcels.js'
import { accept, handedOut, record, result, sending, work } from './work.js'

const entry = { id: 'changed', lane: 'P1', weight: 2 } as const

function changeOf(over: Partial<Change>): Change {
  return { id: 'a.0', step: 0, from: ['waiting'], to: sent, events: [], ...over }
}

/** Whether a message at step 1 may be begun, from an entry of its own. */
async function beginsAgain(
  ledger: Ledger,
  { id, position }: { readonly id: string; readonly position: number },
): Promise<boolean> {
  const waiting = newEntry('a', [position], { ...entry, id, step: 1 })
  const worker = await work(ledger, newParcel('a', []), waiting)
  const { begun } = await worker.begin([position], { steps: [1] })
  return begun.length === 1
}

export const changeCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'change: another time, under a new entry',
    promise:
      'Waiting raises its step by one; every message that is not done is in exactly one pending entry with its step.',
    async run({ ledger, now }) {
      const parcel = await accept(ledger, newParcel('a', newMessages(2)))
      const due = (await now()) + 60_000
      const answer = only(await ledger.change([changeOf({ to: again(due), entry })]))
      assert.equal(answer.status, 'changed')
      const { state, step, due: kept } = await record(ledger, 'a')
      assert.deepEqual({ state, step, due: kept }, { state: 'waiting', step: 1, due })
      await assertOneEntryEach(ledger, parcel)
      const expected = { ...newEntry('a', [0], { step: 1, due }), ...entry }
      const pending = (await allPending(ledger)).find(({ id }) => id === 'changed')
      assert.deepEqual(pending, { ...expected, tenant: 'acme', leased: false, takeovers: 0 })
      if (!ledger.capabilities.pool)
        assert.deepEqual(only(answer.envelopes), { ...expected, schema: 1, tenant: 'acme' })
      assert.deepEqual(
        (await handedOut(ledger, only(parcel.entries))).map(({ position }) => position),
        [1],
      )
    },
  },
  {
    name: 'change: not at another step',
    promise: 'Taken only if the message is still at this step.',
    async run({ ledger, now }) {
      await accept(ledger, newParcel('a', [newMessage()]))
      const change = changeOf({ step: 1, to: again(await now()), entry, data: '{"n":2}' })
      assert.equal(only(await ledger.change([change])).status, 'conflict')
      const { step, data } = await record(ledger, 'a')
      assert.deepEqual({ step, data }, { step: 0, data: '{"n":1}' })
      assert.equal((await allPending(ledger)).length, 1)
    },
  },
  {
    name: 'change: not from another state',
    promise: 'Taken only if the message is in one of these states.',
    async run({ ledger }) {
      await sending(ledger, newParcel('a', [newMessage()]))
      assert.equal(only(await ledger.change([changeOf({ from: ['waiting', 'held', 'done'] })])).status, 'conflict')
      assert.equal((await record(ledger, 'a')).state, 'sending')
    },
  },
  {
    name: 'change: one answer each, in order',
    promise: 'ChangeAnswer: changed, conflict, absent.',
    async run({ ledger }) {
      await accept(ledger, newParcel('a', newMessages(2)))
      const changes = [
        changeOf({ id: 'z.0' }),
        changeOf({ step: 3 }),
        changeOf({ id: 'no id' }),
        changeOf({ id: 'a.1' }),
      ]
      const answers = await ledger.change(changes)
      assert.deepEqual(
        answers.map(({ status }) => status),
        ['absent', 'conflict', 'absent', 'changed'],
      )
    },
  },
  {
    name: 'change: new data',
    promise: 'New data, as JSON text.',
    async run({ ledger, now }) {
      await accept(ledger, newParcel('a', newMessages(2)))
      await ledger.change([changeOf({ to: again(await now()), entry, data: '{"n":"new"}' })])
      assert.equal((await record(ledger, 'a', 0)).data, '{"n":"new"}')
      assert.equal((await record(ledger, 'a', 1)).data, '{"n":1}')
      assert.equal(only(await handedOut(ledger, { ...newEntry('a', [0]), ...entry })).data, '{"n":"new"}')
    },
  },
  {
    name: 'change: a new time to live',
    promise: 'A new instant at which its time to live is over; without it, the old one stays.',
    async run({ ledger, now }) {
      const [over, later] = [(await now()) - 1, (await now()) + 3_600_000]
      const messages = [newMessage({ expires: over }), newMessage({ expires: later }), newMessage()]
      await accept(ledger, newParcel('a', messages))
      const to = again(0)
      const wanted = [
        changeOf({ id: 'a.0', to, entry: { ...entry, id: 'lives' }, expires: later }),
        changeOf({ id: 'a.1', to, entry: { ...entry, id: 'stays' } }),
        changeOf({ id: 'a.2', to, entry: { ...entry, id: 'over' }, expires: over }),
      ]
      assert((await ledger.change(wanted)).every(({ status }) => status === 'changed'))
      const records = await Promise.all([0, 1, 2].map(async (position) => record(ledger, 'a', position)))
      assert.deepEqual(
        records.map(({ expires }) => expires),
        [later, later, over],
      )
      const begun = await Promise.all(
        ['lives', 'stays', 'over'].map(async (id, position) => beginsAgain(ledger, { id, position })),
      )
      assert.deepEqual(begun, [true, true, false], 'what is not expired now may be begun')
    },
  },
  {
    name: 'change: resolves what is held',
    promise: 'A receipt is compare-and-set on the step.',
    async run({ ledger, now }) {
      const due = (await now()) + 60_000
      const worker = await sending(ledger, newParcel('a', [newMessage()]))
      await worker.settle([result(0, held(due))], { entries: [newEntry('a', [0], { id: 'hold', due })], finish: true })
      assert.equal(only(await ledger.change([changeOf({ from: ['held'] })])).status, 'changed')
      const { state, outcome } = await record(ledger, 'a')
      assert.deepEqual({ state, outcome }, { state: 'done', outcome: 'sent' })
    },
  },
  {
    name: 'change: of what is held and stays it, in one entry',
    promise: 'Every message that is not done is in exactly one pending entry with its step.',
    async run({ ledger, now }) {
      const due = (await now()) + 60_000
      const parcel = newParcel('a', [newMessage()])
      const worker = await sending(ledger, parcel)
      await worker.settle([result(0, held(due))], { entries: [newEntry('a', [0], { id: 'hold', due })], finish: true })
      const to = held(due + 60_000, '{"known":1}')
      assert.equal(only(await ledger.change([changeOf({ from: ['held'], to, entry })])).status, 'changed')
      const { state, step, due: kept, progress } = await record(ledger, 'a')
      const expected = { state: 'held', step: 0, kept: due + 60_000, progress: '{"known":1}' }
      assert.deepEqual({ state, step, kept, progress }, expected)
      await assertOneEntryEach(ledger, parcel)
    },
  },
  {
    name: 'change: of one of those that are held in one entry',
    promise: 'Every message that is not done is in exactly one pending entry with its step.',
    async run({ ledger, now }) {
      const due = (await now()) + 60_000
      const parcel = newParcel('a', [newMessage(), newMessage(), newMessage()])
      const worker = await sending(ledger, parcel)
      const results = [0, 1, 2].map((position) => result(position, held(due)))
      await worker.settle(results, { entries: [newEntry('a', [0, 1, 2], { id: 'hold', due })], finish: true })
      const change = changeOf({ id: 'a.1', from: ['held'], to: held(due + 60_000), entry })
      assert.equal(only(await ledger.change([change])).status, 'changed')
      await assertOneEntryEach(ledger, parcel)
    },
  },
  {
    name: 'change: runs again what is done',
    promise: 'A step: a number that every resend raises by one.',
    async run({ ledger, now }) {
      const worker = await sending(ledger, newParcel('a', [newMessage()]))
      await worker.settle([result(0, refused)], { finish: true })
      const resend = changeOf({ from: ['done'], to: again(await now()), entry })
      assert.equal(only(await ledger.change([resend])).status, 'changed')
      const { state, step, outcome } = await record(ledger, 'a')
      assert.deepEqual({ state, step, outcome }, { state: 'waiting', step: 1, outcome: undefined })
      assert.equal((await handedOut(ledger, { ...newEntry('a', [0]), ...entry })).length, 1)
    },
  },
  {
    name: 'change: of many at once, one wins',
    promise: '`cancel`, `change` and results are compare-and-set on the step: one wins.',
    async run({ ledger, peer, now }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      const due = (await now()) + 60_000
      const ledgers = [ledger, peer?.ledger ?? ledger, ledger]
      const changes = ledgers.map((one, index) =>
        one.change([changeOf({ to: again(due), entry: { ...entry, id: `e${index}` } })]),
      )
      const statuses = (await Promise.all(changes)).map((answers) => only(answers).status)
      assert.deepEqual(statuses.toSorted(), ['changed', 'conflict', 'conflict'])
      await assertOneEntryEach(ledger, parcel)
    },
  },
]

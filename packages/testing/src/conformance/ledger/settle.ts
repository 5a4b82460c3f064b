import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { allPending, assertOneEntryEach } from './one-entry.js'
import { again, held, newEntry, newMessage, newMessages, newParcel, refused, sent } from './parcels.js'
import { accept, claimStatus, record, result, sending, work } from './work.js'

export const settleCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'settle: done keeps its outcome and step, and drops the note',
    promise: 'Done and held keep the step; progress is dropped when the message is done.',
    async run({ ledger, now }) {
      const due = await now()
      const parcel = await accept(ledger, newParcel('a', newMessages(1)))
      const worker = await work(ledger, parcel)
      await worker.begin([0])
      const entries = [newEntry('a', [0], { id: 'again', step: 1, due })]
      await worker.settle([result(0, again(due, 'note'))], { entries, finish: true })
      const second = await work(ledger, parcel, only(entries))
      await second.begin([0], { steps: [1] })
      const merged = {
        state: 'done',
        outcome: 'merged',
        reason: { code: 'own-code', detail: 'a sentence' },
        into: 'z.9',
      } as const
      const answer = await second.settle([result(0, merged, 1)], { finish: true })
      assert.deepEqual(answer.settled, [0])
      const { state, outcome, reason, into, step, progress } = await record(ledger, 'a')
      assert.deepEqual({ state, outcome, reason, into }, merged)
      assert.deepEqual({ step, progress }, { step: 1, progress: undefined })
    },
  },
  {
    name: 'settle: waiting raises the step and keeps due, reason and note',
    promise: 'Waiting raises its step by one.',
    async run({ ledger, now }) {
      const due = (await now()) + 60_000
      const worker = await sending(ledger, newParcel('a', [newMessage()]))
      const entry = newEntry('a', [0], { id: 'again', step: 1, due, lane: 'P1', weight: 2 })
      const answer = await worker.settle([result(0, again(due, '{"tried":["sms"]}'))], {
        entries: [entry],
        finish: true,
      })
      assert.deepEqual(answer.settled, [0])
      const { state, step, due: kept, reason, progress } = await record(ledger, 'a')
      const expected = {
        state: 'waiting',
        step: 1,
        due,
        reason: { code: 'retry-later' },
        progress: '{"tried":["sms"]}',
      }
      assert.deepEqual({ state, step, due: kept, reason, progress }, expected)
      const { tenant, leased, takeovers, ...pending } = only(await allPending(ledger))
      assert.deepEqual(
        { tenant, leased, takeovers, pending },
        { tenant: 'acme', leased: false, takeovers: 0, pending: entry },
      )
      if (!ledger.capabilities.pool) assert.deepEqual(only(answer.envelopes), { ...entry, schema: 1, tenant: 'acme' })
    },
  },
  {
    name: 'settle: held keeps the step',
    promise: 'Done and held keep the step.',
    async run({ ledger, now }) {
      const due = (await now()) + 60_000
      const parcel = newParcel('a', [newMessage()])
      const worker = await sending(ledger, parcel)
      const entry = newEntry('a', [0], { id: 'hold', due })
      await worker.settle([result(0, held(due, 'note'))], { entries: [entry], finish: true })
      const { state, step, due: kept, reason, progress } = await record(ledger, 'a')
      const expected = { state: 'held', step: 0, due, reason: { code: 'deadline-passed' }, progress: 'note' }
      assert.deepEqual({ state, step, due: kept, reason, progress }, expected)
      await assertOneEntryEach(ledger, parcel)
    },
  },
  {
    name: 'settle: what was never begun can be settled',
    promise: 'A result is taken if the step matches and the token is current.',
    async run({ ledger, now }) {
      const due = (await now()) + 60_000
      const worker = await work(ledger, await accept(ledger, newParcel('a', newMessages(2))))
      const entries = [newEntry('a', [1], { id: 'again', step: 1, due })]
      const answer = await worker.settle([result(0, refused), result(1, again(due))], { entries, finish: true })
      assert.deepEqual(
        answer.settled.toSorted((one, other) => one - other),
        [0, 1],
      )
      assert.equal((await record(ledger, 'a', 0)).outcome, 'rejected')
    },
  },
  {
    name: 'settle: not at another step',
    promise: 'A result is taken if the step matches.',
    async run({ ledger }) {
      const worker = await sending(ledger, newParcel('a', newMessages(2)))
      const answer = await worker.settle([result(0, sent, 1), result(1, sent)])
      assert.deepEqual(answer.settled, [1])
      assert.equal((await record(ledger, 'a', 0)).state, 'sending')
    },
  },
  {
    name: 'settle: what is done stays done',
    promise: 'Never undoes what is known.',
    async run({ ledger, now }) {
      const worker = await sending(ledger, newParcel('a', [newMessage()]))
      await worker.settle([result(0, refused)])
      for (const other of [sent, again(await now()), held(await now())]) {
        assert.deepEqual((await worker.settle([result(0, other)])).settled, [])
      }
      const { state, outcome, step } = await record(ledger, 'a')
      assert.deepEqual({ state, outcome, step }, { state: 'done', outcome: 'rejected', step: 0 })
    },
  },
  {
    name: 'settle: finish removes the entry',
    promise: 'Nothing of the entry is left to do: it is removed.',
    async run({ ledger }) {
      const parcel = newParcel('a', newMessages(2))
      const worker = await sending(ledger, parcel)
      await worker.settle([result(0, sent)])
      assert.equal(only(await allPending(ledger)).leased, true, 'without finish the entry stays')
      await worker.settle([result(1, sent)], { finish: true })
      assert.deepEqual(await allPending(ledger), [])
      assert.equal(await claimStatus(ledger, only(parcel.entries)), 'gone')
    },
  },
  {
    name: 'settle: finishes an entry without messages',
    promise: 'Cargo: messages of one parcel, a firing of a task, or the next page of a run.',
    async run({ ledger, now }) {
      const at = await now()
      const task = { id: 'task-1', tenant: 'acme', revision: 1, text: '{}', next: at }
      await ledger.saveTask(task, 0)
      const { id, lane, due, weight, cargo } = only(await allPending(ledger))
      const entry = { id, lane, due, weight, cargo }
      const worker = await work(ledger, newParcel('', []), entry)
      assert.deepEqual(worker.claim.messages, [])
      await worker.settle([], { finish: true })
      assert.equal(await claimStatus(ledger, entry), 'gone')
    },
  },
  {
    name: 'settle: every message that is not done is in one entry',
    promise: 'Every message that is not done is in exactly one pending entry with its step.',
    async run({ ledger, now }) {
      const due = (await now()) + 60_000
      const parcel = newParcel('a', newMessages(4))
      const worker = await sending(ledger, parcel)
      const results = [result(0, sent), result(1, again(due)), result(2, held(due)), result(3, again(due))]
      const more = [newEntry('a', [1, 3], { id: 'again', step: 1, due }), newEntry('a', [2], { id: 'hold', due })]
      await worker.settle(results, { entries: more, finish: true })
      await assertOneEntryEach(ledger, parcel)
    },
  },
  {
    name: 'settle: one answer each, in order',
    promise: 'Each settlement is one atomic step of its own.',
    async run({ ledger }) {
      const a = (await sending(ledger, newParcel('a', newMessages(2)))).claim
      const b = (await sending(ledger, newParcel('b', newMessages(1)))).claim
      const common = { entries: [], finish: true }
      const answers = await ledger.settle([
        { ...common, entry: b.entry, token: b.token, parcel: 'b', results: [result(0, sent)] },
        { ...common, entry: 'nothing', token: 'nobody', parcel: 'nothing', results: [result(0, sent)] },
        { ...common, entry: a.entry, token: a.token, parcel: 'a', results: [result(1, sent), result(0, refused)] },
      ])
      assert.deepEqual(
        answers.map(({ settled }) => settled.toSorted((one, other) => one - other)),
        [[0], [], [0, 1]],
      )
      assert.equal((await record(ledger, 'a', 0)).outcome, 'rejected')
    },
  },
  {
    name: 'settle: ends reservations in the same step',
    promise: 'Applied in the same step where `capabilities.reservations`.',
    when: ({ ledger }) => ledger.capabilities.reservations,
    async run({ ledger, state }) {
      await state.credit('money', 100)
      const line = { budget: 'money', amount: 10 }
      await state.reserve('slice-0', [
        { ...line, member: 'a.0' },
        { ...line, member: 'a.1' },
      ])
      const worker = await sending(ledger, newParcel('a', newMessages(2)))
      const amounts = new Map([['a.0', 4]])
      const reservations = [{ reservation: 'slice-0', confirm: ['a.0'], release: ['a.1'], amounts }]
      await worker.settle([result(0, sent), result(1, refused)], { finish: true, reservations })
      assert.deepEqual(await state.budgets(['money']), [{ left: 96, reserved: 0, spent: 4 }])
    },
  },
]

import assert from 'node:assert/strict'
import type { PendingEntry, TaskRecord } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { allPending } from './one-entry.js'
import { allTasks, newTask, savedTask } from './plans.js'

function firings(entries: readonly PendingEntry[]): readonly unknown[] {
  return entries
    .map(({ tenant, due, cargo }) => ({ tenant, due, cargo }))
    .filter(({ cargo }) => cargo.kind === 'firing')
}

function ids(tasks: readonly TaskRecord[]): readonly string[] {
  return tasks.map(({ id }) => id).toSorted()
}

export const taskCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'saveTask: writes a task',
    promise: 'Writes a task, if it is still at `expectedRevision` (0: not there yet).',
    async run({ ledger, now }) {
      const task = newTask({ next: (await now()) + 60_000 })
      assert.equal((await ledger.saveTask(task, 0)).saved, true)
      assert.deepEqual(await allTasks(ledger), [task])
      const edited = newTask({ revision: 2, text: '{"plan":"edited"}' })
      assert.equal((await ledger.saveTask(edited, 1)).saved, true)
      assert.deepEqual(await ledger.tasks(['task-1']), [edited])
    },
  },
  {
    name: 'saveTask: writes the entry of the next firing',
    promise: 'Writes a task and the entry of its next firing.',
    async run({ ledger, now }) {
      const instant = (await now()) + 60_000
      const { envelopes } = await ledger.saveTask(newTask({ next: instant }), 0)
      const cargo = { kind: 'firing', task: 'task-1', instant, revision: 1 }
      assert.deepEqual(firings(await allPending(ledger)), [{ tenant: 'acme', due: instant, cargo }])
      if (!ledger.capabilities.pool) assert.deepEqual(only(envelopes).cargo, cargo)
    },
  },
  {
    name: 'saveTask: without a next firing there is no entry',
    promise: 'The instant of the next firing, or undefined for none.',
    async run({ ledger }) {
      const { envelopes } = await ledger.saveTask(newTask(), 0)
      assert.deepEqual(envelopes, [])
      assert.deepEqual(await allPending(ledger), [])
      assert.equal(only(await allTasks(ledger)).next, undefined)
    },
  },
  {
    name: 'saveTask: not at another revision',
    promise: 'Writes a task, if it is still at `expectedRevision` (0: not there yet).',
    async run({ ledger, now }) {
      const next = (await now()) + 60_000
      assert.equal((await ledger.saveTask(newTask({ revision: 3, next }), 2)).saved, false)
      assert.deepEqual(await allTasks(ledger), [])
      const task = await savedTask(ledger)
      for (const expected of [0, 2]) {
        const { saved, envelopes } = await ledger.saveTask(
          newTask({ revision: expected + 1, text: '{}', next }),
          expected,
        )
        assert.deepEqual([saved, envelopes], [false, []])
      }
      assert.deepEqual(await allTasks(ledger), [task])
      assert.deepEqual(await allPending(ledger), [])
    },
  },
  {
    name: 'saveTask: of two at once, one is saved',
    promise: 'Writes a task, if it is still at `expectedRevision`.',
    async run({ ledger, peer, now }) {
      await savedTask(ledger)
      const next = (await now()) + 60_000
      const ledgers = [ledger, peer?.ledger ?? ledger, ledger]
      const saves = ledgers.map((one, index) =>
        one.saveTask(newTask({ revision: 2, text: `{"by":${index}}`, next }), 1),
      )
      const saved = (await Promise.all(saves)).filter((answer) => answer.saved)
      assert.equal(saved.length, 1)
      assert.equal(firings(await allPending(ledger)).length, 1)
    },
  },
  {
    name: 'tasks: all of them, or those asked for',
    promise: 'tasks(ids): those that are there.',
    async run({ ledger }) {
      for (const id of ['one', 'two', 'three']) await savedTask(ledger, { id })
      assert.deepEqual(ids(await allTasks(ledger)), ['one', 'three', 'two'])
      assert.deepEqual(ids(await ledger.tasks(['two', 'nobody', 'one'])), ['one', 'two'])
      assert.deepEqual(await ledger.tasks([]), [])
    },
  },
]

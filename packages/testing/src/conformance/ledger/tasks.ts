import assert from 'node:assert/strict'
import type { PendingEntry, TaskPage, TaskRecord } from '@reachkit/core/spec'
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
  return tasks.map(({ id }) => id)
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
    name: 'tasks: those asked for that are there',
    promise: 'Those that are there, in any order.',
    async run({ ledger }) {
      for (const id of ['one', 'two', 'three']) await savedTask(ledger, { id })
      assert.deepEqual(ids(await ledger.tasks(['two', 'nobody', 'one', 'two'])).toSorted(), ['one', 'two'])
      assert.deepEqual(await ledger.tasks([]), [])
    },
  },
  {
    name: 'tasks: a page by id, of one tenant or of all',
    promise: 'A page of all, by id: those of one tenant, behind an id.',
    async run({ ledger }) {
      const tasks = { d: 'acme', b: 'other', a: 'acme', c: 'acme', e: 'other' }
      for (const [id, tenant] of Object.entries(tasks)) await savedTask(ledger, { id, tenant })
      const page = async (which: TaskPage) => ids(await ledger.tasks(which))
      assert.deepEqual(await page({ limit: 10 }), ['a', 'b', 'c', 'd', 'e'])
      assert.deepEqual(await page({ limit: 2 }), ['a', 'b'])
      assert.deepEqual(await page({ limit: 2, after: 'b' }), ['c', 'd'])
      assert.deepEqual(await page({ limit: 2, after: 'bb' }), ['c', 'd'])
      assert.deepEqual(await page({ limit: 2, tenant: 'acme' }), ['a', 'c'])
      assert.deepEqual(await page({ limit: 2, tenant: 'acme', after: 'c' }), ['d'])
      assert.deepEqual(await page({ limit: 2, tenant: 'nobody' }), [])
    },
  },
]

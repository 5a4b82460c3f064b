import assert from 'node:assert/strict'
import type { Ledger, PendingEntry, RunBegun } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { allPending } from './one-entry.js'
import { allTasks, begunRun, firingOf, newRun, newTask, savedTask } from './plans.js'

async function entriesOf(ledger: Ledger, kind: 'run' | 'firing'): Promise<readonly PendingEntry[]> {
  return (await allPending(ledger)).filter(({ cargo }) => cargo.kind === kind)
}

/** What has to be pushed; nothing where the pool is in the store. */
function pushed(ledger: Ledger, { envelopes }: RunBegun, expected: readonly string[]): void {
  const kinds = envelopes.map(({ id, cargo }) => (cargo.kind === 'run' ? id : cargo.kind))
  assert.deepEqual(kinds.toSorted(), ledger.capabilities.pool ? [] : expected)
}

export const firingCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'beginRun: begins several runs in one firing',
    promise: 'Inserts the runs with a pending entry each: a run’s own due and part.',
    async run({ ledger, now }) {
      const instant = await now()
      const task = await savedTask(ledger, { next: instant })
      const runs = [30, 10, 20].map((later) =>
        newRun({ id: `run-${later}`, key: `key-${later}`, due: instant + later * 60_000, part: `part-${later}` }),
      )
      const answer = await ledger.beginRun(firingOf(task, { runs }))
      assert.equal(answer.status, 'begun')
      pushed(ledger, answer, ['run-10', 'run-20', 'run-30'])
      const due = (await entriesOf(ledger, 'run')).map((entry) => [entry.id, entry.due - instant])
      assert.deepEqual(due, [
        ['run-10', 600_000],
        ['run-20', 1_200_000],
        ['run-30', 1_800_000],
      ])
      for (const { id, key, part } of runs) {
        const run = await ledger.run(id)
        assert.deepEqual([run?.key, run?.part, run?.instant], [key, part, instant])
      }
    },
  },
  {
    name: 'beginRun: passes over the runs that are there',
    promise: 'A run whose key is there is passed over.',
    async run({ ledger, now }) {
      const first = await begunRun(ledger, await now())
      const runs = [newRun({ id: 'run-2', part: 'other' }), newRun({ id: 'run-3', key: 'key-3' })]
      const answer = await ledger.beginRun(firingOf(newTask({ next: first.instant }), { runs }))
      assert.equal(answer.status, 'begun')
      pushed(ledger, answer, ['run-3'])
      assert.deepEqual(await ledger.run(first.id), first)
      assert.equal(await ledger.run('run-2'), undefined)
      assert.equal((await ledger.run('run-3'))?.key, 'key-3')
      const ids = (await entriesOf(ledger, 'run')).map(({ id }) => id)
      assert.deepEqual(ids.toSorted(), ['run-1', 'run-3'])
    },
  },
  {
    name: 'beginRun: a key is one for every instant and revision',
    promise: 'Unique within the task, whatever the instant and the revision.',
    async run({ ledger, now }) {
      const { instant } = await begunRun(ledger, await now())
      const later = await savedTask(ledger, { revision: 2, next: instant + 60_000 })
      assert.equal((await ledger.beginRun(firingOf(later, { runs: [newRun({ id: 'run-2' })] }))).status, 'exists')
      assert.equal(await ledger.run('run-2'), undefined)
      const other = await savedTask(ledger, { id: 'task-2', next: instant })
      assert.equal((await ledger.beginRun(firingOf(other, { runs: [newRun({ id: 'run-3' })] }))).status, 'begun')
    },
  },
  {
    name: 'beginRun: the next firing follows one whose runs are all there',
    promise: 'Moves the task’s next firing on, where it still is `instant`.',
    async run({ ledger, now }) {
      const { instant } = await begunRun(ledger, await now())
      const task = await savedTask(ledger, { revision: 2, next: instant + 60_000 })
      const next = instant + 120_000
      const answer = await ledger.beginRun(firingOf(task, { runs: [newRun({ id: 'run-2' })], next }))
      assert.equal(answer.status, 'exists')
      pushed(ledger, answer, ['firing'])
      assert.equal(only(await allTasks(ledger)).next, next)
      assert((await entriesOf(ledger, 'firing')).some(({ due }) => due === next))
    },
  },
  {
    name: 'beginRun: a firing that is late does not move the next one back',
    promise: 'Moves the task’s next firing on, where it still is `instant`.',
    async run({ ledger, now }) {
      const instant = await now()
      const task = await savedTask(ledger, { next: instant })
      const next = instant + 120_000
      await ledger.beginRun(firingOf(task, { next }))
      const before = await entriesOf(ledger, 'firing')
      const runs = [newRun({ id: 'run-2', key: 'key-2' })]
      const answer = await ledger.beginRun(firingOf(task, { runs, next: instant + 60_000 }))
      assert.equal(answer.status, 'begun')
      pushed(ledger, answer, ['run-2'])
      assert.equal(only(await allTasks(ledger)).next, next)
      assert.deepEqual(await entriesOf(ledger, 'firing'), before)
    },
  },
]

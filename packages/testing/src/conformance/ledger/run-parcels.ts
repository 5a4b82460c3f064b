import assert from 'node:assert/strict'
import type { Ledger, MessageOutcome, RunRecord } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import type { LedgerSubject } from '../subject.js'
import { digestOf, held, newMessage, newMessages, newParcel } from './parcels.js'
import { begunRun, endRun, firingOf, newRun, pageOf, savedTask } from './plans.js'
import { accept, result, work } from './work.js'

const outcomes: readonly MessageOutcome[] = [
  'sent',
  'partly-sent',
  'rejected',
  'expired',
  'cancelled',
  'merged',
  'parked',
  'unresolved',
]

/** A page of which one message stands in every way there is, and the last one is a duplicate. */
async function mixedPage(ledger: Ledger, run: RunRecord, soon: number): Promise<void> {
  const digest = digestOf('key')
  const messages = [...newMessages(outcomes.length + 2), newMessage({ digest }), newMessage({ digest })]
  const parcel = await accept(ledger, pageOf(run, 'a', messages, 'page-2'))
  const worker = await work(ledger, parcel)
  const positions = Array.from({ length: outcomes.length + 2 }, (_, position) => position)
  await worker.begin(positions)
  const done = outcomes.map((outcome, position) => result(position, { state: 'done', outcome }))
  await worker.settle([...done, result(outcomes.length, held(soon))])
}

/** Runs of one firing. */
async function begunRuns({ ledger, now }: LedgerSubject, ids: readonly string[]): Promise<readonly RunRecord[]> {
  const task = await savedTask(ledger, { next: await now() })
  await ledger.beginRun(firingOf(task, { runs: ids.map((id) => newRun({ id, key: id })) }))
  return ledger.runs(task.id, { limit: ids.length })
}

async function parcelIds(ledger: Ledger, run: string, limit: number, after?: string): Promise<readonly string[]> {
  const page = await ledger.parcels(run, { limit, ...(after !== undefined && { after }) })
  return page.map(({ id }) => id)
}

function idsOf(runs: readonly RunRecord[]): readonly string[] {
  return runs.map(({ id }) => id)
}

export const runParcelCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'parcels: where each message of a run stands',
    promise: 'Where each of its messages stands, by position: its outcome once it is done. Undefined for a duplicate.',
    async run({ ledger, now }) {
      const run = await begunRun(ledger, await now())
      await mixedPage(ledger, run, (await now()) + 60_000)
      const statuses = [...outcomes, 'held', 'sending', 'waiting', undefined]
      assert.deepEqual(await ledger.parcels(run.id, { limit: 10 }), [{ id: 'a', statuses }])
    },
  },
  {
    name: 'parcels: of one run, by id, page by page',
    promise: 'The parcels of a run by id, behind one of them.',
    async run(subject) {
      const { ledger } = subject
      const runs = await begunRuns(subject, ['one', 'two'])
      for (const run of runs) {
        let { cursor } = run
        for (const id of ['c', 'a', 'b']) {
          await accept(ledger, pageOf({ ...run, cursor }, `${run.id}-${id}`, [newMessage()], id))
          cursor = id
        }
      }
      await accept(ledger, newParcel('one-bb', [newMessage()]))
      assert.deepEqual(await parcelIds(ledger, 'one', 2), ['one-a', 'one-b'])
      assert.deepEqual(await parcelIds(ledger, 'one', 2, 'one-b'), ['one-c'])
      assert.deepEqual(await parcelIds(ledger, 'one', 2, 'one-a'), ['one-b', 'one-c'])
      assert.deepEqual(await parcelIds(ledger, 'one', 2, 'one-c'), [])
      assert.deepEqual(await parcelIds(ledger, 'two', 10, 'two-aa'), ['two-b', 'two-c'])
      assert.deepEqual(await parcelIds(ledger, 'nothing', 10), [])
    },
  },
  {
    name: 'runs: of one task, the newest firing first',
    promise: 'The runs of a task that are there, newest firing first.',
    async run({ ledger, now }) {
      const instant = await now()
      for (const later of [20, 30, 10]) {
        const runs = [newRun({ id: `run-${later}`, key: `key-${later}` })]
        await ledger.beginRun(firingOf(await nextTask(ledger, instant + later), { runs }))
      }
      await ledger.beginRun(firingOf(await savedTask(ledger, { id: 'other', next: instant }), { runs: [newRun()] }))
      const runs = await ledger.runs('task-1', { limit: 10 })
      assert.deepEqual(idsOf(runs), ['run-30', 'run-20', 'run-10'])
      assert.deepEqual(runs[0], await ledger.run('run-30'))
      assert.deepEqual(idsOf(await ledger.runs('task-1', { limit: 2 })), ['run-30', 'run-20'])
      assert.deepEqual(await ledger.runs('nothing', { limit: 10 }), [])
    },
  },
  {
    name: 'runs: open ones are those that are not done',
    promise: 'With `open`, those that are not done.',
    async run(subject) {
      const { ledger } = subject
      const [first] = await begunRuns(subject, ['one', 'two', 'three'])
      assert(first !== undefined)
      await endRun(ledger, first)
      const open = ['one', 'two', 'three'].filter((id) => id !== first.id)
      const found = await ledger.runs('task-1', { open: true, limit: 10 })
      assert.deepEqual(idsOf(found).toSorted(), open.toSorted())
      assert.equal((await ledger.runs('task-1', { limit: 10 })).length, 3)
    },
  },
]

/** The same task with another firing. */
async function nextTask(ledger: Ledger, next: number): ReturnType<typeof savedTask> {
  const [stands] = await ledger.tasks(['task-1'])
  return savedTask(ledger, { revision: (stands?.revision ?? 0) + 1, next })
}

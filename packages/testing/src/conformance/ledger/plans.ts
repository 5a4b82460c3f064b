import assert from 'node:assert/strict'
import type { Ledger, NewMessage, NewParcel, NewRun, RunBegin, RunRecord, TaskRecord } from '@reachkit/core/spec'
import { only } from '../only.js'
import { newParcel } from './parcels.js'

export function newTask(over: Partial<TaskRecord> = {}): TaskRecord {
  return { id: 'task-1', tenant: 'acme', revision: 1, text: '{"plan":"ünï"}', next: undefined, ...over }
}

/** A run of all of the audience, due long ago. */
export function newRun(over: Partial<NewRun> = {}): NewRun {
  return { id: 'run-1', key: 'key-1', due: 1, part: '', ...over }
}

export function firingOf(task: TaskRecord, over: Partial<RunBegin> = {}): RunBegin {
  const { id, revision, next = 0 } = task
  return { task: id, instant: next, revision, runs: [newRun()], next: undefined, lane: 'P2', ...over }
}

/** All tasks, which are few. */
export async function allTasks(ledger: Ledger): Promise<readonly TaskRecord[]> {
  return ledger.tasks({ limit: 1_000 })
}

export async function savedTask(ledger: Ledger, over: Partial<TaskRecord> = {}): Promise<TaskRecord> {
  const task = newTask(over)
  assert.equal((await ledger.saveTask(task, task.revision - 1)).saved, true, 'the task is to be saved')
  return task
}

/** A run that begins now: at the cursor that the ledger gives a new one. */
export async function begunRun(ledger: Ledger, instant: number): Promise<RunRecord> {
  const task = await savedTask(ledger, { next: instant })
  assert.equal((await ledger.beginRun(firingOf(task))).status, 'begun')
  const run = await ledger.run('run-1')
  assert(run !== undefined, 'the run is to be there')
  return run
}

/** A page of a run: a parcel that moves its cursor. */
export function pageOf(
  { id: run, cursor: from }: RunRecord,
  id: string,
  messages: readonly NewMessage[],
  to: string,
  over: Partial<NewParcel> = {},
): NewParcel {
  return newParcel(id, messages, { cursor: { run, from, to, done: false }, ...over })
}

/** Ends a run without a message, as one does whose audience is at its end. */
export async function endRun(ledger: Ledger, run: RunRecord): Promise<void> {
  const cursor = { run: run.id, from: run.cursor, to: 'end', done: true }
  const { status } = only(await ledger.accept([newParcel(`${run.id}-end`, [], { entries: [], cursor })]))
  assert.equal(status, 'accepted')
}

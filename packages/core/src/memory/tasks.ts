import type { Envelope, Lane, RunBegin, RunBegun, TaskRecord, TaskSaved } from '../spec/index.js'
import { firingId } from './firing-id.js'
import { firingKey } from './tables.js'
import type { Tables } from './tables.js'

/** Writes a task and the entry of its next firing; the entry of an older revision goes. */
export function saveTask(tables: Tables, task: TaskRecord, expectedRevision: number): TaskSaved {
  const stands = tables.tasks.get(task.id)
  if ((stands?.revision ?? 0) !== expectedRevision) return { saved: false, envelopes: [] }
  if (stands?.next !== undefined) tables.entries.delete(firingId(stands.id, stands.revision, stands.next))
  tables.tasks.set(task.id, task)
  return { saved: true, envelopes: addFiring(tables, task, 'P2') }
}

export function beginRun(tables: Tables, wanted: RunBegin): RunBegun {
  const task = tables.tasks.get(wanted.task)
  if (task === undefined || task.revision !== wanted.revision) return { status: 'stale', envelopes: [] }
  const firing = firingKey(wanted)
  if (tables.firings.has(firing)) return { status: 'exists', envelopes: [] }
  tables.firings.set(firing, wanted.run)
  const { run: id, instant, revision, lane } = wanted
  tables.runs.set(id, { id, task: task.id, instant, revision, cursor: '', done: false })
  const next = { ...task, next: wanted.next }
  tables.tasks.set(task.id, next)
  const cargo = { kind: 'run', run: id } as const
  const page = tables.addEntry(task.tenant, { id, lane, due: instant, weight: 1, cargo }, tables.now())
  return { status: 'begun', envelopes: [page, ...addFiring(tables, next, lane)] }
}

function addFiring(tables: Tables, { id: task, tenant, revision, next }: TaskRecord, lane: Lane): Envelope[] {
  if (next === undefined) return []
  const cargo = { kind: 'firing', task, instant: next, revision } as const
  const entry = { id: firingId(task, revision, next), lane, due: next, weight: 1, cargo }
  return [tables.addEntry(tenant, entry, tables.now())]
}

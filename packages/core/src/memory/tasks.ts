import type {
  Envelope,
  Lane,
  NewRun,
  RunBegin,
  RunBegun,
  RunRecord,
  TaskPage,
  TaskRecord,
  TaskSaved,
} from '../spec/index.js'
import { BoundedSort } from './bounded-sort.js'
import { firingId } from './firing-id.js'
import type { Tables } from './tables.js'

/** Writes a task and the entry of its next firing; the entry of an older revision goes. */
export function saveTask(tables: Tables, task: TaskRecord, expectedRevision: number): TaskSaved {
  const stands = tables.tasks.get(task.id)
  if ((stands?.revision ?? 0) !== expectedRevision) return { saved: false, envelopes: [] }
  if (stands?.next !== undefined) tables.entries.delete(firingId(stands.id, stands.revision, stands.next))
  tables.tasks.set(task.id, task)
  return { saved: true, envelopes: addFiring(tables, task, 'P2') }
}

export function readTasks({ tasks }: Tables, which: readonly string[] | TaskPage): readonly TaskRecord[] {
  if (!isPage(which)) return [...new Set(which)].flatMap((id) => tasks.get(id) ?? [])
  const { tenant, after = '', limit } = which
  const page = new BoundedSort<TaskRecord>('first', limit, byId)
  for (const task of tasks.values()) {
    if (task.id > after && (tenant === undefined || task.tenant === tenant)) page.add(task)
  }
  return page.sorted()
}

export function beginRun(tables: Tables, wanted: RunBegin): RunBegun {
  const task = tables.tasks.get(wanted.task)
  if (task === undefined || task.revision !== wanted.revision) return { status: 'stale', envelopes: [] }
  const pages = wanted.runs.flatMap((run) => beginOne(tables, task, wanted, run) ?? [])
  const envelopes = [...pages, ...moveOn(tables, task, wanted)]
  return { status: pages.length === 0 ? 'exists' : 'begun', envelopes }
}

/** The first page of a run; undefined where its key is there. */
function beginOne(
  tables: Tables,
  { id: task, tenant }: TaskRecord,
  { instant, revision, lane }: RunBegin,
  { id, key, due, part }: NewRun,
): Envelope | undefined {
  if (tables.runs.has(task, key)) return undefined
  tables.runs.add({ id, task, key, part, instant, revision, cursor: '', done: false })
  return tables.addEntry(tenant, { id, lane, due, weight: 1, cargo: { kind: 'run', run: id } }, tables.now())
}

/** The next firing, where this one still is the task's: one that comes late moves nothing back. */
function moveOn(tables: Tables, task: TaskRecord, { instant, next, lane }: RunBegin): readonly Envelope[] {
  if (task.next !== instant) return []
  const moved = { ...task, next }
  tables.tasks.set(task.id, moved)
  return addFiring(tables, moved, lane)
}

function addFiring(tables: Tables, { id: task, tenant, revision, next }: TaskRecord, lane: Lane): Envelope[] {
  if (next === undefined) return []
  const cargo = { kind: 'firing', task, instant: next, revision } as const
  const entry = { id: firingId(task, revision, next), lane, due: next, weight: 1, cargo }
  return [tables.addEntry(tenant, entry, tables.now())]
}

/** The runs of a task, the newest firing first. */
export function readRuns({ runs }: Tables, task: string, open: boolean, limit: number): readonly RunRecord[] {
  const newest = new BoundedSort<RunRecord>('first', limit, (a, b) => b.instant - a.instant || byId(b, a))
  for (const run of runs.ofTask(task)) if (!open || !run.done) newest.add(run)
  return newest.sorted()
}

function isPage(which: readonly string[] | TaskPage): which is TaskPage {
  return !Array.isArray(which)
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : Number(a.id > b.id)
}

import type { Lane, RunBegin, RunBegun, TaskPage, TaskRecord, TaskSaved } from '@reachkit/core/spec'
import type { Selectable } from 'kysely'
import type { TaskTable } from '../database/tables.js'
import { inList, insertRows } from './bulk.js'
import type { LedgerContext } from './core.js'
import { entryTarget, entryValues, envelopeOf } from './entries.js'
import type { FreshEntry } from './entries.js'
import { insertFreshRuns } from './runs.js'

/** Writes a task and the entry of its next firing; the entry of an older revision goes. */
export async function saveTask(
  { db, dialect }: LedgerContext,
  task: TaskRecord,
  expectedRevision: number,
): Promise<TaskSaved> {
  return onceMore(() =>
    dialect.transaction(db, async (trx) => {
      const query = trx.selectFrom('reach_task').select(['revision', 'next']).where('id', '=', task.id)
      const stands = await dialect.locked(query).executeTakeFirst()
      if ((stands?.revision ?? 0) !== expectedRevision) return { saved: false, envelopes: [] }
      const { id, tenant, revision, text, next = null } = task
      if (stands === undefined)
        await trx.insertInto('reach_task').values({ id, tenant, revision, text, next }).execute()
      else await trx.updateTable('reach_task').set({ tenant, revision, text, next }).where('id', '=', id).execute()
      if (stands !== undefined && stands.next !== null) {
        const last = firingId(id, stands.revision, stands.next)
        await trx.deleteFrom('reach_entry').where('id', '=', last).execute()
      }
      const firing = firingOf(task, 'P2')
      await insertRows(
        trx,
        dialect,
        entryTarget,
        firing.map((entry) => entryValues(entry, entry.due)),
      )
      return { saved: true, envelopes: firing.map(envelopeOf) }
    }),
  )
}

/** One firing: its runs under unique (task, key), the first page of each, and the entry of the next firing. */
export async function beginRun({ db, dialect }: LedgerContext, wanted: RunBegin): Promise<RunBegun> {
  return onceMore(() =>
    dialect.transaction(db, async (trx) => {
      const query = trx.selectFrom('reach_task').selectAll().where('id', '=', wanted.task)
      const row = await dialect.locked(query).executeTakeFirst()
      if (row === undefined || row.revision !== wanted.revision) return { status: 'stale', envelopes: [] }
      const task = taskOf(row)
      const runs = await insertFreshRuns(trx, dialect, wanted)
      const { instant, lane, next } = wanted
      // A firing that comes late moves nothing back.
      const firing = task.next === instant ? firingOf({ ...task, next }, lane) : []
      if (task.next === instant)
        await trx
          .updateTable('reach_task')
          .set({ next: next ?? null })
          .where('id', '=', task.id)
          .execute()
      const pages = runs.map(({ id, due }): FreshEntry => {
        return { id, tenant: task.tenant, lane, due, weight: 1, cargo: { kind: 'run', run: id } }
      })
      const entries = [...pages, ...firing]
      await insertRows(
        trx,
        dialect,
        entryTarget,
        entries.map((entry) => entryValues(entry, entry.due)),
      )
      return { status: runs.length === 0 ? 'exists' : 'begun', envelopes: entries.map(envelopeOf) }
    }),
  )
}

/** Who wrote the same key at the same instant has committed by now, and is seen. */
async function onceMore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch {
    return work()
  }
}

export async function readTasks(
  { db }: LedgerContext,
  which: readonly string[] | TaskPage,
): Promise<readonly TaskRecord[]> {
  let query = db.selectFrom('reach_task').selectAll()
  if (isPage(which)) {
    const { tenant, after = '', limit } = which
    query = query.where('id', '>', after).orderBy('id').limit(limit)
    if (tenant !== undefined) query = query.where('tenant', '=', tenant)
  } else {
    if (which.length === 0) return []
    query = query.where('id', 'in', inList(which))
  }
  return (await query.execute()).map(taskOf)
}

function isPage(which: readonly string[] | TaskPage): which is TaskPage {
  return !Array.isArray(which)
}

function taskOf({ id, tenant, revision, text, next }: Selectable<TaskTable>): TaskRecord {
  return { id, tenant, revision, text, next: next ?? undefined }
}

function firingOf({ id: task, tenant, revision, next }: TaskRecord, lane: Lane): readonly FreshEntry[] {
  if (next === undefined) return []
  const cargo = { kind: 'firing', task, instant: next, revision } as const
  return [{ id: firingId(task, revision, next), tenant, lane, due: next, weight: 1, cargo }]
}

export function firingId(task: string, revision: number, instant: number): string {
  return `${task}.${revision}.${instant}`
}

import type { Lane, RunBegin, RunBegun, RunRecord, TaskRecord, TaskSaved } from '@reachkit/core/spec'
import type { Selectable } from 'kysely'
import type { TaskTable } from '../database/tables.js'
import { inList, insertRows } from './bulk.js'
import type { LedgerContext } from './core.js'
import { entryTarget, entryValues, envelopeOf } from './entries.js'
import type { FreshEntry } from './entries.js'

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

/** One firing: the run under unique (task, instant), its first page, and the entry of the next firing. */
export async function beginRun({ db, dialect }: LedgerContext, wanted: RunBegin): Promise<RunBegun> {
  return onceMore(() =>
    dialect.transaction(db, async (trx) => {
      const query = trx.selectFrom('reach_task').selectAll().where('id', '=', wanted.task)
      const task = await dialect.locked(query).executeTakeFirst()
      if (task === undefined || task.revision !== wanted.revision) return { status: 'stale', envelopes: [] }
      const { run: id, instant, revision, lane, next } = wanted
      const known = await trx
        .selectFrom('reach_run')
        .select('id')
        .where('task', '=', task.id)
        .where('instant', '=', instant)
        .executeTakeFirst()
      if (known !== undefined) return { status: 'exists', envelopes: [] }
      await trx
        .insertInto('reach_run')
        .values({ id, task: task.id, instant, revision, cursor: '', done_at: null })
        .execute()
      await trx
        .updateTable('reach_task')
        .set({ next: next ?? null })
        .where('id', '=', task.id)
        .execute()
      const page: FreshEntry = {
        id,
        tenant: task.tenant,
        lane,
        due: instant,
        weight: 1,
        cargo: { kind: 'run', run: id },
      }
      const entries = [page, ...firingOf({ ...taskOf(task), next }, lane)]
      await insertRows(
        trx,
        dialect,
        entryTarget,
        entries.map((entry) => entryValues(entry, entry.due)),
      )
      return { status: 'begun', envelopes: entries.map(envelopeOf) }
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

export async function readTasks({ db }: LedgerContext, ids?: readonly string[]): Promise<readonly TaskRecord[]> {
  if (ids?.length === 0) return []
  const query = db.selectFrom('reach_task').selectAll().orderBy('id')
  const rows = await (ids === undefined ? query : query.where('id', 'in', inList(ids))).execute()
  return rows.map(taskOf)
}

export async function readRun({ db }: LedgerContext, id: string): Promise<RunRecord | undefined> {
  const row = await db.selectFrom('reach_run').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) return undefined
  const { task, instant, revision, cursor, done_at: doneAt } = row
  return { id, task, instant, revision, cursor, done: doneAt !== null }
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

import type { NewRun, RunBegin, RunParcel, RunRecord } from '@reachkit/core/spec'
import type { Selectable } from 'kysely'
import type { Dialect, Queries } from '../database/dialect.js'
import type { RunTable } from '../database/tables.js'
import { inList, insertRows, parts } from './bulk.js'
import type { BulkTarget } from './bulk.js'
import { createTurn } from './core.js'
import type { LedgerContext } from './core.js'
import { statusesOf } from './marks.js'

const runTarget: BulkTarget<'reach_run'> = {
  table: 'reach_run',
  columns: ['id', 'task', 'key', 'part', 'instant', 'revision', 'cursor', 'done_at'],
  keys: 1,
  onKnown: 'fail',
}

const keysAtOnce = 256

/** Those of a firing whose key is not there yet, in a transaction that holds the task. */
export async function insertFreshRuns(
  queries: Queries,
  dialect: Dialect,
  { task, instant, revision, runs }: RunBegin,
): Promise<readonly NewRun[]> {
  const keys = runs.map(({ key }) => key)
  const known = await knownKeys(queries, task, keys)
  const fresh = new Map(runs.filter(({ key }) => !known.has(key)).map((run) => [run.key, run]))
  const rows = [...fresh.values()].map(({ id, key, part }) => [id, task, key, part, instant, revision, '', null])
  await insertRows(queries, dialect, runTarget, rows)
  return [...fresh.values()]
}

async function knownKeys(queries: Queries, task: string, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>()
  for (const some of parts(keys, keysAtOnce)) {
    const query = queries
      .selectFrom('reach_run')
      .select('key')
      .where('task', '=', task)
      .where('key', 'in', inList(some))
    for (const { key } of await query.execute()) if (key !== null) known.add(key)
  }
  return known
}

export async function readRun({ db }: LedgerContext, id: string): Promise<RunRecord | undefined> {
  const row = await db.selectFrom('reach_run').selectAll().where('id', '=', id).executeTakeFirst()
  return row && runOf(row)
}

/** The runs of a task, the newest firing first. */
export async function readRuns(
  { db }: LedgerContext,
  task: string,
  { open, limit }: { readonly open?: boolean; readonly limit: number },
): Promise<readonly RunRecord[]> {
  let query = db.selectFrom('reach_run').selectAll().where('task', '=', task)
  if (open === true) query = query.where('done_at', 'is', null)
  const rows = await query.orderBy('instant', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map(runOf)
}

function runOf({ id, task, key, part, instant, revision, cursor, done_at: doneAt }: Selectable<RunTable>): RunRecord {
  const identity = { id, task, key: key ?? String(instant), part: part ?? '' }
  return { ...identity, instant, revision, cursor, done: doneAt !== null }
}

/** Where the messages of a run stand: of its parcels the marks alone are read. */
export async function readRunParcels(
  { db }: LedgerContext,
  run: string,
  { after = '', limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly RunParcel[]> {
  const rows = await db
    .selectFrom('reach_parcel')
    .innerJoin('reach_progress', 'reach_progress.parcel', 'reach_parcel.id')
    .select(['reach_parcel.id', 'reach_progress.marks'])
    .where('reach_parcel.run', '=', run)
    .where('reach_parcel.id', '>', after)
    .orderBy('reach_parcel.id')
    .limit(limit)
    .execute()
  const parcels: RunParcel[] = []
  const turn = createTurn()
  for (const { id, marks } of rows) {
    if (turn.isOver()) await turn.end()
    parcels.push({ id, statuses: statusesOf(marks) })
  }
  return parcels
}

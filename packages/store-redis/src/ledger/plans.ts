import type { Envelope, RunBegin, RunBegun, TaskPage, TaskRecord, TaskSaved } from '@reachkit/core/spec'
import { ReachError } from '@reachkit/core/spec'
import { Arguments } from '../client/arguments.js'
import { list, optionalText, text, whole } from '../client/replies.js'
import type { Keys } from '../keys.js'
import { beginRunScript, readHashesScript, saveTaskScript } from '../scripts/plans.js'
import { cargoText } from './cargo.js'
import type { LedgerContext } from './context.js'
import type { Shard } from './shards.js'

const tries = 8

/** Writes a task and the entry of its next firing in the place of the last one's. */
export async function saveTask(context: LedgerContext, task: TaskRecord, expectedRevision: number): Promise<TaskSaved> {
  await context.shards.announce([task.tenant])
  const shard = context.shards.of(task.tenant)
  const { keys } = shard
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const [stands] = await readTasks(context, shard, [task.id])
    const old = stands?.next === undefined ? '' : firingId(stands.id, stands.revision, stands.next)
    const fresh = task.next === undefined ? '' : firingId(task.id, task.revision, task.next)
    const queue = keys.queue('P2', task.tenant)
    // The firing that goes may be in another lane: that of the run before.
    const oldQueue = keys.queue(stands?.lane ?? 'P2', task.tenant)
    const answer = await context.scripts.run(
      saveTaskScript,
      [keys.task(task.id), keys.tasks, keys.watch, keys.queues, keys.entry(old), oldQueue, keys.entry(fresh), queue],
      [
        context.settings.pushAgainMs,
        expectedRevision,
        stands?.next ?? '',
        old,
        task.id,
        task.tenant,
        task.revision,
        task.text,
        task.next ?? '',
        fresh,
        task.next === undefined ? '' : cargoText(firingCargo(task, task.next)),
      ],
    )
    if (text(answer) === 'saved') return { saved: true, envelopes: firing(task, task.next, 'P2') }
    if (text(answer) === 'conflict') return { saved: false, envelopes: [] }
  }
  throw new ReachError('REACH_STORE_UNAVAILABLE', 'a task was changed by others at each try')
}

export async function findTasks(
  context: LedgerContext,
  which: readonly string[] | TaskPage,
): Promise<readonly TaskRecord[]> {
  if (isPage(which)) return pageOfTasks(context, which)
  const found: StoredTask[] = []
  for (const shard of await context.shards.all()) found.push(...(await readTasks(context, shard, [...new Set(which)])))
  return found.map(recordOf)
}

function isPage(which: readonly string[] | TaskPage): which is TaskPage {
  return !Array.isArray(which)
}

/** By id. Under each tag they are in order; of several tags, the first ones of each are put together. */
async function pageOfTasks(context: LedgerContext, page: TaskPage): Promise<readonly TaskRecord[]> {
  const { shards } = context
  const found: StoredTask[] = []
  for (const shard of await shards.all()) found.push(...(await pageOfShard(context, shard, page)))
  return found
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, page.limit)
    .map(recordOf)
}

async function pageOfShard(
  context: LedgerContext,
  shard: Shard,
  { tenant, after = '', limit }: TaskPage,
): Promise<readonly StoredTask[]> {
  const found: StoredTask[] = []
  for (let last = after; found.length < limit; ) {
    const page = ['zrangebylex', shard.keys.tasks, last === '' ? '-' : `(${last}`, '+', 'limit', 0, readAtOnce] as const
    const ids = list(await context.scripts.command(...page)).map(text)
    const tasks = await readTasks(context, shard, ids)
    found.push(...tasks.filter((task) => tenant === undefined || task.tenant === tenant))
    last = ids.at(-1) ?? last
    if (ids.length < readAtOnce) break
  }
  return found
}

function recordOf({ id, tenant, revision, text: plan, next }: StoredTask): TaskRecord {
  return { id, tenant, revision, text: plan, next }
}

interface StoredTask extends TaskRecord {
  /** The lane of the entry of its next firing. */
  readonly lane: string
}

const readAtOnce = 100

async function readTasks(
  { scripts }: LedgerContext,
  { keys }: Shard,
  ids: readonly string[],
): Promise<readonly StoredTask[]> {
  const found: StoredTask[] = []
  for (let at = 0; at < ids.length; at += readAtOnce) {
    const some = ids.slice(at, at + readAtOnce)
    const names = some.map((id) => keys.task(id))
    const rows = list(await scripts.run(readHashesScript, names, ['r', 'x', 't', 'n', 'l']))
    for (const [index, id] of some.entries()) {
      const [revision, plan, tenant, next, lane] = list(rows[index]).map(optionalText)
      if (revision === undefined) continue
      found.push({
        id,
        tenant: tenant ?? '',
        revision: Number(revision),
        text: plan ?? '',
        next: next === undefined || next === '' ? undefined : Number(next),
        lane: lane ?? 'P2',
      })
    }
  }
  return found
}

/** Where a task is: its id tells no tenant. */
async function taskOf(
  context: LedgerContext,
  id: string,
): Promise<{ readonly shard: Shard; readonly task: StoredTask } | undefined> {
  for (const shard of await context.shards.all()) {
    const [task] = await readTasks(context, shard, [id])
    if (task !== undefined) return { shard, task }
  }
  return undefined
}

export async function beginRun(context: LedgerContext, begin: RunBegin): Promise<RunBegun> {
  const found = await taskOf(context, begin.task)
  if (found === undefined) return { status: 'stale', envelopes: [] }
  const { shard, task } = found
  const fresh = { ...task, revision: begin.revision }
  const call = beginCall(shard.keys, fresh, begin, context.settings.pushAgainMs)
  const [answer, ids, moved] = list(await context.scripts.run(beginRunScript, call.keys, call.args))
  const status = text(answer)
  if (status !== 'begun' && status !== 'exists') return { status: 'stale', envelopes: [] }
  const begun = new Set(list(ids).map(text))
  const { lane, next, runs } = begin
  const pages = runs
    .filter(({ id }) => begun.has(id))
    .map(({ id, due }): Envelope => {
      return { id, schema: 1, tenant: task.tenant, lane, due, weight: 1, cargo: { kind: 'run', run: id } }
    })
  return { status, envelopes: [...pages, ...(whole(moved) === 1 ? firing(fresh, next, lane) : [])] }
}

function beginCall(keys: Keys, task: TaskRecord, begin: RunBegin, pushAgainMs: number): Arguments {
  const { instant, revision, next, lane, runs } = begin
  const nextId = next === undefined ? '' : firingId(task.id, revision, next)
  const cargo = next === undefined ? '' : cargoText(firingCargo(task, next))
  const call = new Arguments()
  call.key(keys.task(task.id), keys.firings(task.id), keys.runsOf(task.id), keys.watch, keys.queues)
  call.key(keys.queue(lane, task.tenant), keys.entry(nextId))
  call.add(pushAgainMs, revision, instant, next ?? '', nextId, cargo, lane, task.id, task.tenant, runs.length)
  for (const { id, key, due, part } of runs) call.key(keys.run(id), keys.entry(id)).add(id, key, due, part)
  return call
}

export function firingId(task: string, revision: number, instant: number): string {
  return `${task}.${revision}.${instant}`
}

function firingCargo(
  { id, revision }: TaskRecord,
  instant: number,
): { readonly kind: 'firing'; readonly task: string; readonly instant: number; readonly revision: number } {
  return { kind: 'firing', task: id, instant, revision }
}

function firing(task: TaskRecord, next: number | undefined, lane: Envelope['lane']): Envelope[] {
  if (next === undefined) return []
  const id = firingId(task.id, task.revision, next)
  return [{ id, schema: 1, tenant: task.tenant, lane, due: next, weight: 1, cargo: firingCargo(task, next) }]
}

import type { Envelope, RunBegin, RunBegun, RunRecord, TaskRecord, TaskSaved } from '@reachkit/core/spec'
import { ReachError } from '@reachkit/core/spec'
import { list, optionalText, text } from '../client/replies.js'
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

export async function tasks(context: LedgerContext, ids?: readonly string[]): Promise<readonly TaskRecord[]> {
  const found: TaskRecord[] = []
  for (const shard of await context.shards.all()) {
    const wanted = ids ?? list(await context.scripts.command('smembers', shard.keys.tasks)).map(text)
    for (const { lane: _, ...task } of await readTasks(context, shard, [...new Set(wanted)])) found.push(task)
  }
  return found
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
  const { keys } = shard
  const { run, instant, revision, next, lane } = begin
  const fresh = { ...task, revision }
  const nextId = next === undefined ? '' : firingId(task.id, revision, next)
  const names = [keys.task(task.id), keys.firings(task.id), keys.run(run), keys.watch, keys.queues]
  const answer = await context.scripts.run(
    beginRunScript,
    [...names, keys.entry(run), keys.queue(lane, task.tenant), keys.entry(nextId)],
    [
      context.settings.pushAgainMs,
      revision,
      instant,
      run,
      next ?? '',
      nextId,
      next === undefined ? '' : cargoText(firingCargo(fresh, next)),
      lane,
      task.id,
      task.tenant,
    ],
  )
  const status = text(answer)
  if (status !== 'begun') return { status: status === 'exists' ? 'exists' : 'stale', envelopes: [] }
  const cargo = { kind: 'run', run } as const
  const page: Envelope = { id: run, schema: 1, tenant: task.tenant, lane, due: instant, weight: 1, cargo }
  return { status, envelopes: [page, ...firing(fresh, next, lane)] }
}

export async function readRun(context: LedgerContext, id: string): Promise<RunRecord | undefined> {
  for (const { keys } of await context.shards.all()) {
    const rows = list(await context.scripts.run(readHashesScript, [keys.run(id)], ['t', 'i', 'v', 'c', 'o']))
    const [task, instant, revision, cursor, done] = list(rows[0]).map(optionalText)
    if (task === undefined) continue
    return {
      id,
      task,
      instant: Number(instant),
      revision: Number(revision),
      cursor: cursor ?? '',
      done: done === '1',
    }
  }
  return undefined
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

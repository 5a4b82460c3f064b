import type { ClaimGranted, Envelope, RunRecord } from '../spec/index.js'
import { pause } from '../io/pause.js'
import type { MessageDefinition } from '../message/definition.js'
import { isPolicyFor } from './approval-policy.js'
import { countAudience } from './count-audience.js'
import type { Task } from './document.js'
import { endRun } from './end-run.js'
import { failReading, moveIfItMay, stopTask } from './fail-reading.js'
import { isRunning, overlapMs } from './is-running.js'
import { mayRun } from './may-run.js'
import { readNote } from './run-note.js'
import { RunPage } from './run-page.js'
import type { RunWork } from './run-work.js'
import { TaskLease } from './task-lease.js'
import { Timetable, readPart } from './timetable.js'

/** A run gives way to others after this long. */
const turnMs = 500
/** Where the lane is full it is looked again after this long. */
const fullMs = 20
/** However long it has to wait, a run looks after this long whether its task was edited or cancelled. */
const lookMs = 600_000

/**
 * Works on a run for a turn: reads pages of its audience while there is room, and when all is read looks whether all is
 * sent. Answers when it is to come again, or undefined once it has ended.
 */
export async function workOnRun(
  id: string,
  envelope: Envelope,
  claim: ClaimGranted,
  work: RunWork,
): Promise<number | undefined> {
  const lease = new TaskLease(work.context, envelope, claim)
  try {
    const later = await turn(id, lease, work)
    if (later === undefined) await lease.finish()
    else await lease.yield(later)
    return later
  } finally {
    lease.drop()
  }
}

async function turn(id: string, lease: TaskLease, work: RunWork): Promise<number | undefined> {
  const { context, known } = work
  const run = await context.ledger.run(id)
  const task = run === undefined ? undefined : await known.task(run.task)
  if (run === undefined || run.done || task === undefined) return undefined
  if (await isOff(run, task)) return endRun(run, task, work, { why: 'the schedule was changed' })
  const waits = run.part !== '' && run.cursor === '' && !task.overlap
  if (waits && (await isRunning(task, run.instant, run.part, context))) return context.storeNow() + overlapMs
  try {
    const later = await goOn(run, task, lease, work)
    work.failures.delete(id)
    return later
  } catch (error) {
    if (context.stopping.aborted) return context.storeNow()
    work.audiences.close(id)
    return failReading(id, task, error, work)
  }
}

/** A run of one zone waits for its hour; an edit of the schedule meanwhile may have taken that away. */
async function isOff(run: RunRecord, task: Task): Promise<boolean> {
  if (run.part === '' || run.cursor !== '' || run.revision === task.revision) return false
  const timetable = await Timetable.open(task)
  return !timetable.isByZone || !timetable.isFiring(run.instant)
}

async function goOn(run: RunRecord, task: Task, lease: TaskLease, work: RunWork): Promise<number | undefined> {
  const { context, known, watermark } = work
  const until = context.clock.monotonic() + turnMs
  let { cursor } = run
  while (lease.isHeld && !context.stopping.aborted) {
    const current = (await known.task(task.number)) ?? task
    const definition = context.options.definitions.get(current.message)
    const now = context.storeNow()
    const note = readNote(cursor)
    const size = Math.max(note.read, await unreviewedSize(current, definition, work))
    const permission = mayRun(current, definition, now, context.options.approvals, size)
    if (permission.kind === 'end') return endRun({ ...run, cursor }, current, work, {})
    if (permission.kind === 'void') await voidApproval(current, work)
    if (permission.kind !== 'go' || definition === undefined)
      return 'until' in permission ? Math.min(permission.until, now + lookMs) : now
    if (note.at === null) return endRun({ ...run, cursor }, current, work, {})
    const room = await watermark.room(current.tenant, current.lane)
    if (room > 0) {
      const source = await work.audiences.of(run.id, current)
      const page = new RunPage({ ...run, cursor }, current, definition, source, readPart(run.part), context)
      const moved = await page.accept(room).finally(() => work.audiences.rest(run.id))
      if (moved.kind === 'later') return Math.min(moved.at, now + lookMs)
      if (moved.kind === 'stop') return stopTask(current, moved.why, work, moved.exceeded)
      if (moved.kind === 'lost') return context.storeNow()
      cursor = moved.cursor
    } else if (!(await pause(context.clock, fullMs, context.stopping))) break
    if (context.clock.monotonic() >= until) break
  }
  return context.storeNow()
}

/**
 * Where a policy may be about a task of this size that nobody reviewed, its recipients are counted: whoever created it may
 * not have known of the policy.
 */
async function unreviewedSize(task: Task, definition: MessageDefinition | undefined, work: RunWork): Promise<number> {
  const { context, counts } = work
  if (definition === undefined || task.approval !== undefined || task.counted !== undefined) return 0
  if (!context.options.approvals.some((policy) => isPolicyFor(policy, task, definition, Infinity))) return 0
  const key = `${task.number} ${task.revision}`
  const count = counts.get(key) ?? (await countAudience(task, context))
  counts.set(key, count)
  return count
}

/** What this process has in code is not what was approved: the task waits until somebody has looked. */
async function voidApproval({ number }: Task, { table, known }: RunWork): Promise<void> {
  await moveIfItMay(() => table.move(number, 'void', { why: 'what would be sent is not what was approved' }))
  known.forget(number)
}

import type { Cargo, ClaimGranted, Envelope } from '../spec/index.js'
import { died } from './create-task.js'
import type { Task } from './document.js'
import type { TaskContext } from './task-context.js'
import { failReading } from './fail-reading.js'
import { finishTask } from './finish-task.js'
import { isRunning, overlapMs } from './is-running.js'
import type { RunWork } from './run-work.js'
import { TaskLease } from './task-lease.js'
import { Timetable, zoneParts } from './timetable.js'
import type { PlannedRun } from './timetable.js'
import { readZones } from './read-zones.js'

type Firing = Extract<Cargo, { kind: 'firing' }>

/** A firing that is worked on this long after its time was missed. */
const missedMs = 60_000

/** Works on one firing: begins its runs, and sets the next one. Answers when it is to come again, or undefined. */
export async function workOnFiring(
  cargo: Firing,
  envelope: Envelope,
  claim: ClaimGranted,
  work: RunWork,
): Promise<number | undefined> {
  const { context, table } = work
  const lease = new TaskLease(context, envelope, claim)
  try {
    const task = await table.find(cargo.task)
    if (task?.state === 'preparing' && task.revision === cargo.revision)
      await table.move(task.number, 'fail', { why: died })
    const later = task === undefined ? undefined : await fireOrFail(task, cargo, work)
    if (later === undefined) await lease.finish()
    else await lease.yield(later)
    return later
  } finally {
    lease.drop()
  }
}

/** The zones of an audience are read before any run of it is there. */
async function fireOrFail(task: Task, cargo: Firing, work: RunWork): Promise<number | undefined> {
  const id = `${task.number} ${cargo.instant}`
  try {
    const later = await fire(task, cargo, work)
    work.failures.delete(id)
    return later
  } catch (error) {
    if (work.context.stopping.aborted) return work.context.storeNow()
    return failReading(id, task, error, work)
  }
}

async function fire(task: Task, { instant, revision }: Firing, work: RunWork): Promise<number | undefined> {
  const { context, table } = work
  // It was edited since: the edit has set a firing of its own.
  if (task.revision !== revision || task.state !== 'active') return undefined
  const now = context.storeNow()
  const timetable = await Timetable.open(task)
  // Where each zone has a run of its own, it waits for the one before it by itself.
  if (!task.overlap && !timetable.isByZone && (await isRunning(task, instant, '', context))) return now + overlapMs
  const { runs, last, why } = await plan(task, timetable, instant, now, context)
  const next = timetable.next(last)
  const begun = await context.ledger.beginRun({
    task: task.number,
    instant,
    revision,
    runs: runs.map((run) => ({ ...run, id: context.nextId() })),
    next,
    lane: task.lane,
  })
  context.push(begun.envelopes)
  // No run will end the task.
  if (next === undefined) await finishTask(task.number, { why }, table, context)
  return undefined
}

interface Planned {
  readonly runs: readonly PlannedRun[]
  /** The firing that the next one comes after. */
  readonly last: number
  /** Why nothing is run. */
  readonly why?: string
}

async function plan(
  task: Task,
  timetable: Timetable,
  instant: number,
  now: number,
  context: TaskContext,
): Promise<Planned> {
  const isMissed = now - instant > missedMs && task.schedule !== undefined && !isOnce(task)
  const last = isMissed && task.missed !== 'all' ? timetable.latest(instant, now) : instant
  if (isMissed && task.missed === 'skip' && now - last > missedMs)
    return { runs: [], last, why: 'its last firing was missed' }
  const runs = await runsAt(task, timetable, last, context)
  return { runs, last, ...(runs.length === 0 && { why: 'the audience was empty' }) }
}

/** What fires once is late, never missed: there is no other firing that would make up for it. */
function isOnce({ schedule, missed }: Task): boolean {
  const kind = schedule?.kind
  return missed !== 'skip' && (kind === 'at' || kind === 'after' || kind === 'local')
}

async function runsAt(
  task: Task,
  timetable: Timetable,
  instant: number,
  context: TaskContext,
): Promise<readonly PlannedRun[]> {
  if (!timetable.isByZone) return [timetable.run(instant)]
  const parts = zoneParts(await readZones(task, context))
  return parts.map((part) => timetable.runIn(instant, part, task.fallbackZone))
}

import type { RunRecord } from '../spec/index.js'
import { isReachError } from '../spec/index.js'
import type { Task } from './document.js'
import { noteText, readNote } from './run-note.js'
import { isEnded } from './states.js'
import type { RunStanding } from './tally.js'
import { RunTally } from './tally.js'
import type { RunWork } from './run-work.js'

const cancelAtOnce = 500
const soonestMs = 100
const latestMs = 30_000

/**
 * Ends a run of which all is read, once nothing of it waits or is being sent: writes how it stands, and with the last run
 * of a task that fires no more, the task. Answers when it is to be looked at again. One whose task was ended by somebody
 * is cancelled first.
 */
export async function endRun(
  run: RunRecord,
  task: Task,
  work: RunWork,
  { why }: { readonly why?: string },
): Promise<number | undefined> {
  const { context, tallies } = work
  const stops = task.state !== 'active' && isEnded(task.state) && task.state !== 'done'
  if (stops) await cancelWaiting(run, work)
  const now = context.storeNow()
  const closing = tallies.get(run.id) ?? { tally: new RunTally(run.id, context.ledger, context.clock), since: now }
  tallies.set(run.id, closing)
  const standing = await closing.tally.count(true)
  if (standing.open > 0) return now + patience(now - closing.since, stops)
  const reason = why ?? (stops ? `the task is ${task.state}` : undefined)
  if (!stops) await finishTask(run, task, work)
  await close(run, task.tenant, standing, now, reason, work)
  tallies.delete(run.id)
  work.audiences.close(run.id)
  work.counts.clear()
  context.tell(task, { kind: 'run-ended', run: run.id, ...(reason !== undefined && { why: reason }) })
  return undefined
}

/** The longer it is looked at already, the less it matters by when its end is known. */
function patience(lookedMs: number, stops: boolean): number {
  return stops ? soonestMs : Math.min(latestMs, Math.max(soonestMs, Math.floor(lookedMs / 20)))
}

async function cancelWaiting({ id }: RunRecord, { context: { ledger } }: RunWork): Promise<void> {
  let after: string | undefined
  for (;;) {
    const parcels = await ledger.parcels(id, { limit: 20, ...(after !== undefined && { after }) })
    const ids = parcels.flatMap(({ id: parcel, statuses }) =>
      statuses.flatMap((status, position) => (status === 'waiting' ? [`${parcel}.${position}`] : [])),
    )
    for (let start = 0; start < ids.length; start += cancelAtOnce) {
      await ledger.cancel(ids.slice(start, start + cancelAtOnce))
    }
    after = parcels.at(-1)?.id
    if (after === undefined) return
  }
}

/** The last cursor of a run says what came of it; with it the run's entry goes. */
async function close(
  run: RunRecord,
  tenant: string,
  { tally }: RunStanding,
  at: number,
  why: string | undefined,
  { context }: RunWork,
): Promise<void> {
  const note = readNote(run.cursor)
  const ended = { at, tally, ...(why !== undefined && { why }) }
  const cursor = { run: run.id, from: run.cursor, to: noteText({ ...note, ended }), done: true }
  const empty = { id: context.nextId(), tenant, messages: [], entries: [] }
  await context.ledger.accept([{ ...empty, cursor }])
}

/** Before the run is ended: if this process dies in between, who looks at the run anew ends it. */
async function finishTask(run: RunRecord, task: Task, { context, table, known }: RunWork): Promise<void> {
  const stands = await table.find(task.number)
  if (stands?.state !== 'active' || stands.next !== undefined) return
  const open = await context.ledger.runs(task.number, { open: true, limit: 2 })
  if (open.some(({ id }) => id !== run.id)) return
  const why = readNote(run.cursor).read === 0 && run.part === '' ? { why: 'the audience was empty' } : {}
  try {
    await table.move(task.number, 'finish', why, (current) => {
      if (current.next !== undefined) throw stillFires
      return {}
    })
  } catch (error) {
    if (error !== stillFires && !isReachError(error, 'REACH_TASK_STATE')) throw error
  }
  known.forget(task.number)
}

const stillFires = new Error('the task was given another firing')

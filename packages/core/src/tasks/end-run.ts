import type { RunRecord } from '../spec/index.js'
import type { Task } from './document.js'
import { finishTask } from './finish-task.js'
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
  // Before the run is ended, so that who looks at it anew after a crash ends the task; and after it, since of two that end
  // at once each saw the other open.
  if (!stops) await finish(run, task, run.id, work)
  await close(run, task.tenant, standing, now, reason, work)
  if (!stops) await finish(run, task, undefined, work)
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

async function finish(run: RunRecord, { number }: Task, except: string | undefined, work: RunWork): Promise<void> {
  const why = readNote(run.cursor).read === 0 && run.part === '' ? 'the audience was empty' : undefined
  await finishTask(number, { why, ...(except !== undefined && { except }) }, work.table, work.context)
  work.known.forget(number)
}

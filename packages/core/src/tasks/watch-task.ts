import { pause } from '../io/pause.js'
import { isEnded } from './states.js'
import { RunViews } from './run-views.js'
import type { TaskContext } from './task-context.js'
import type { TaskTable } from './task-table.js'
import { progressOf, reportOf } from './task-views.js'
import type { TaskProgress, TaskReport } from './types.js'

/** How far a task is, now and again until it has ended; the last one says how it ended. */
export async function* watchProgress(
  number: string,
  everyMs: number,
  table: TaskTable,
  context: TaskContext,
): AsyncGenerator<TaskProgress, void> {
  const { ledger, clock } = context
  const views = new RunViews(ledger, clock)
  let before: { readonly settled: number; readonly at: number } | undefined
  for (;;) {
    const task = await table.get(number)
    const now = clock.monotonic()
    const progress = progressOf(task, await views.read(number))
    yield { ...progress, ...speedOf(progress, before, now) }
    if (isEnded(task.state)) return
    before = { settled: progress.settled, at: now }
    if (!(await pause(clock, everyMs, context.stopping))) return
  }
}

function speedOf(
  { settled, total, messages }: Omit<TaskProgress, 'perSecond' | 'leftMs'>,
  before: { readonly settled: number; readonly at: number } | undefined,
  now: number,
): Pick<TaskProgress, 'perSecond' | 'leftMs'> {
  if (before === undefined || now <= before.at) return { perSecond: undefined, leftMs: undefined }
  const perSecond = ((settled - before.settled) * 1_000) / (now - before.at)
  const { waiting = 0, sending = 0 } = messages
  const left = total === undefined ? undefined : Math.max(total - settled, waiting + sending)
  return { perSecond, leftMs: left === undefined || perSecond <= 0 ? undefined : (left * 1_000) / perSecond }
}

export async function readReport(
  number: string,
  table: TaskTable,
  { ledger, clock }: TaskContext,
): Promise<TaskReport> {
  const runs = await new RunViews(ledger, clock).read(number)
  return reportOf(await table.get(number), runs)
}

import { pause } from '../io/pause.js'
import { ReachError } from '../spec/index.js'
import { countAudience } from './count-audience.js'
import type { Task } from './document.js'
import { isEnded } from './states.js'
import type { TaskContext } from './task-context.js'
import type { TaskTable } from './task-table.js'
import type { TaskReport } from './types.js'
import { readReport, watchProgress } from './watch-task.js'

const lookMs = 250

/** Waits until a task has ended, and answers what came of it. The process stays alive meanwhile. */
export async function untilDone(
  number: string,
  bar: boolean,
  table: TaskTable,
  context: TaskContext,
): Promise<TaskReport> {
  context.hold()
  try {
    const hasEnded = bar ? await drawUntilEnded(number, table, context) : await hasEndedAt(number, table, context)
    if (!hasEnded) throw new ReachError('REACH_STOPPED', 'Reachkit was stopped before the task had ended')
    return await readReport(number, table, context)
  } finally {
    context.release()
  }
}

/** Looks at the task alone: how its messages stand is read once, at the end. */
async function hasEndedAt(number: string, table: TaskTable, { clock, stopping }: TaskContext): Promise<boolean> {
  while (!isEnded((await table.get(number)).state)) if (!(await pause(clock, lookMs, stopping))) return false
  return true
}

async function drawUntilEnded(number: string, table: TaskTable, context: TaskContext): Promise<boolean> {
  const drawn = await (await import('./progress-bar.js')).progressBar(number, context.clock)
  try {
    const size = sizeOf(await table.get(number), context)
    let hasEnded = false
    for await (const progress of watchProgress(number, lookMs, table, context)) {
      drawn.draw({ ...progress, total: progress.total ?? size() })
      hasEnded = isEnded(progress.state)
    }
    if (hasEnded) drawn.stop(await readReport(number, table, context))
    return hasEnded
  } finally {
    drawn.stop()
  }
}

/** Counts the audience meanwhile: whoever watches wants to know how long it takes. */
function sizeOf(task: Task, context: TaskContext): () => number | undefined {
  let size: number | undefined
  const isOnce = task.schedule === undefined || ['at', 'after', 'local'].includes(task.schedule.kind)
  // What goes wrong with it is told by the run, which reads the same.
  if (isOnce)
    countAudience(task, context)
      .then((count) => (size = count))
      .catch(() => undefined)
  return () => size
}

import { ReachError } from '../spec/index.js'
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
    const drawn = bar ? await (await import('./progress-bar.js')).progressBar(number) : undefined
    try {
      let hasEnded = false
      for await (const progress of watchProgress(number, lookMs, table, context)) {
        drawn?.draw(progress)
        hasEnded = isEnded(progress.state)
      }
      if (!hasEnded) throw new ReachError('REACH_STOPPED', 'Reachkit was stopped before the task had ended')
    } finally {
      drawn?.stop()
    }
    return await readReport(number, table, context)
  } finally {
    context.release()
  }
}

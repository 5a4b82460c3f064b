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
    const drawn = bar ? await (await import('./progress-bar.js')).progressBar(number, context.clock) : undefined
    try {
      for await (const progress of watchProgress(number, lookMs, table, context)) drawn?.draw(progress)
      const report = await readReport(number, table, context)
      drawn?.stop(report)
      return report
    } finally {
      drawn?.stop()
    }
  } finally {
    context.release()
  }
}

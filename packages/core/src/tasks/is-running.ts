import type { Task } from './document.js'
import type { TaskContext } from './task-context.js'

/** While a run of the task is not done, the next one is looked at again after this long. */
export const overlapMs = 1_000

/** True while a run of an earlier firing, for the same part of the audience, is not done. */
export async function isRunning(
  { number }: Pick<Task, 'number'>,
  instant: number,
  part: string,
  { ledger }: Pick<TaskContext, 'ledger'>,
): Promise<boolean> {
  const open = await ledger.runs(number, { open: true, limit: 1_000 })
  return open.some((run) => run.instant < instant && run.part === part)
}

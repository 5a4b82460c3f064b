import { isReachError } from '../spec/index.js'
import type { TaskContext } from './task-context.js'
import type { TaskTable } from './task-table.js'

export interface FinishOptions {
  readonly why?: string | undefined
  /** A run that is about to end: it does not count as open. */
  readonly except?: string
}

/** Ends a task that fires no more and of which no run is open; any other stays as it is. */
export async function finishTask(
  number: string,
  { why, except }: FinishOptions,
  table: TaskTable,
  { ledger }: Pick<TaskContext, 'ledger'>,
): Promise<void> {
  const stands = await table.find(number)
  if (stands?.state !== 'active' || stands.next !== undefined) return
  const open = await ledger.runs(number, { open: true, limit: 2 })
  if (open.some(({ id }) => id !== except)) return
  try {
    await table.move(number, 'finish', { why }, (current) => {
      if (current.next !== undefined) throw stillFires
      return {}
    })
  } catch (error) {
    if (error !== stillFires && !isReachError(error, 'REACH_TASK_STATE')) throw error
  }
}

const stillFires = new Error('the task was given another firing')

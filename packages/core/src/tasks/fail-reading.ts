import { errorName } from '../io/error-name.js'
import { isReachError } from '../spec/index.js'
import type { Task } from './document.js'
import type { RunWork } from './run-work.js'

/** How often an audience may fail in a row before its task waits for a person. */
const mostFailures = 6
const firstFailureMs = 500

/**
 * What can never be read on ends the task; anything else is tried again, and then waits for a person who may resume it
 * where it stopped. `id` is the run or the firing that reads.
 */
export async function failReading(id: string, task: Task, error: unknown, work: RunWork): Promise<number> {
  const { context, table, known, failures } = work
  const now = context.storeNow()
  const why = isReachError(error) ? error.message : `the audience threw ${errorName(error)}`
  if (isReachError(error, 'REACH_AUDIENCE_CHANGED') || isReachError(error, 'REACH_AUDIENCE_GONE')) {
    await moveIfItMay(() => table.move(task.number, 'fail', { why }))
    known.forget(task.number)
    return now
  }
  if (isReachError(error, 'REACH_STORE_UNAVAILABLE')) throw error
  const times = (failures.get(id) ?? 0) + 1
  failures.set(id, times)
  context.logger.warn({ task: task.number, run: id, times, error: errorName(error) }, 'a run failed')
  if (times < mostFailures) return now + firstFailureMs * 2 ** times
  failures.delete(id)
  return stopTask(task, why, work)
}

/** Pauses it until a person resumes it. */
export async function stopTask(
  { number }: Task,
  why: string,
  { table, known, context }: RunWork,
  exceeded = false,
): Promise<number> {
  await moveIfItMay(() => table.move(number, 'pause', { why }, () => ({ exceeded: exceeded || undefined })))
  known.forget(number)
  return context.storeNow()
}

/** Somebody else may have moved it meanwhile: then that stands. */
export async function moveIfItMay(move: () => Promise<unknown>): Promise<void> {
  try {
    await move()
  } catch (error) {
    if (!isReachError(error, 'REACH_TASK_STATE')) throw error
  }
}

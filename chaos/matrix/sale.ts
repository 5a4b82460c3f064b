import type { TaskHandle } from '@reachkit/core'
import { isReachError } from '@reachkit/core/spec'
import type { Ledger } from '@reachkit/core/spec'
import { setTimeout as wait } from 'node:timers/promises'
import { messagesOfTask } from '../stores/messages-of-task.js'
import { everyone, pageSize } from './everyone.js'
import type { matrixApp } from './matrix-app.js'

const number = 'sale'

/**
 * Creates the task, or finds the one that somebody created who is dead, and waits until it and its run have ended. Answers
 * the ids of its messages.
 */
export async function carryOutSale(app: ReturnType<typeof matrixApp>, ledger: Ledger): Promise<readonly string[]> {
  const task = await createSale(app)
  const { state, read, settled } = await task.done()
  if (state !== 'done' || settled < read) throw new Error(`the task is ${state} with ${settled} of ${read} messages`)
  while (!(await isOver(ledger))) await wait(50)
  const { runs } = await task.report()
  if (runs.length !== 1 || runs[0]?.endedAt === undefined) throw new Error(`${runs.length} runs, one of them not ended`)
  return (await messagesOfTask(ledger, number)).map(({ id }) => id)
}

/** As a caller does that got no answer: the same call, with the same number. */
async function createSale({ tasks }: ReturnType<typeof matrixApp>): Promise<TaskHandle> {
  try {
    // A page is a quarter of a second's: each is accepted by itself.
    return await tasks.create({
      number,
      message: 'matrix.note',
      audience: everyone(),
      data: { n: 1 },
      rate: `${4 * pageSize}/s`,
    })
  } catch (error) {
    if (isReachError(error, 'REACH_TASK_DUPLICATE')) return tasks.get(number)
    throw error
  }
}

/** The run is done, and neither a firing nor a run is left to be worked on. */
async function isOver(ledger: Ledger): Promise<boolean> {
  const open = await ledger.runs(number, { open: true, limit: 1 })
  const pending = await ledger.pending({}, 100)
  return open.length === 0 && pending.every(({ cargo }) => cargo.kind === 'messages')
}

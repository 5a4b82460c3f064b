import type { TaskHandle, TaskReport } from '@reachkit/core'
import type { AppReach } from '../app/app-reach.js'
import { byOf } from '../input/note.js'
import { taskOptions } from '../input/task-options.js'
import { requestedTask } from '../input/requested-task.js'
import { exitCodes } from '../output/exit-codes.js'
import { instant } from '../output/rows.js'
import type { Printer } from '../output/printer.js'
import { reportWords } from '../output/report-words.js'
import { onInterrupt } from './on-interrupt.js'
import { createTask } from './create-task.js'
import type { Call, Command } from './command.js'

export const run: Command = {
  name: 'run',
  takes: '[<file> | <number>]',
  summary: 'Plans a task, by a file or by options, or takes up one by its number; works on it and shows how far it is.',
  options: {
    ...taskOptions,
    detach: { type: 'boolean', help: 'only plan it; the workers of the app carry it on' },
  },
  sends: (input) => input.flag('detach') !== true,

  async run({ reach, input, printer, io }: Call) {
    const asked = await requestedTask(input, io.cwd)
    const task =
      asked === undefined
        ? await reach.tasks.get(input.required('a number'))
        : await createTask(reach, asked, byOf(input, io))
    const view = await task.get()
    if (view.state === 'needs-approval') {
      printer.answer(view, () => `${task.number} ${printer.state(view.state)}`)
      printer.note(
        `It waits for ${view.approval?.next ?? 'an approval'}: reachkit task approve ${task.number} --by <name>`,
      )
      return exitCodes.waits
    }
    if (input.flag('detach') === true) {
      printer.answer(view, () => `${task.number} ${printer.state(view.state)}`)
      return exitCodes.done
    }
    if (view.state === 'paused') printer.note(`${task.number} is paused: reachkit task resume ${task.number}`)
    if (view.state === 'scheduled' && isLater(view.next)) printer.note(`${task.number} runs at ${instant(view.next)}`)
    return watch(task, reach, printer)
  },
}

const soonMs = 10_000

function isLater(next: Date | undefined): boolean {
  return next !== undefined && next.getTime() > Date.now() + soonMs
}

/** Shows the bar until the task has ended, or until Ctrl-C: then it stays as it is, for whoever takes it up. */
async function watch(task: TaskHandle, reach: AppReach, printer: Printer): Promise<number> {
  let isDetached = false
  const forget = onInterrupt(async () => {
    isDetached = true
    await reach.stop()
  })
  try {
    const report = await untilStopped(task, () => isDetached)
    if (isDetached || report === undefined) {
      printer.note(`Detached. Workers of the app go on with ${task.number}; so does: reachkit task run ${task.number}`)
      return exitCodes.interrupted
    }
    printer.answer(report, () => reportWords(report, printer))
    return report.state === 'done' ? exitCodes.done : exitCodes.failed
  } finally {
    forget()
  }
}

/** What was stopped by us may not be able to tell how the task stands. */
async function untilStopped(task: TaskHandle, isStopped: () => boolean): Promise<TaskReport | undefined> {
  try {
    return await task.done({ bar: true })
  } catch (error) {
    if (isStopped()) return undefined
    throw error
  }
}

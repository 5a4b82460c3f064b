import type { TaskHandle, TaskProgress, TaskView } from '@reachkit/core'
import { exitCodes } from '../output/exit-codes.js'
import type { Printer } from '../output/printer.js'
import { instant, rowsOf, tallyText } from '../output/rows.js'
import type { Command } from './command.js'

const shownMoves = 5

export const status: Command = {
  name: 'status',
  takes: '<number>',
  summary: 'Tells how a task stands, how far it is, and what moved it.',
  options: {},
  async run({ reach, input, printer }) {
    const task = await reach.tasks.get(input.required('the number of a task'))
    const view = await task.get()
    const progress = await progressOf(task)
    printer.answer({ ...view, progress }, () => words(view, progress, printer))
    return exitCodes.done
  },
}

async function progressOf(task: TaskHandle): Promise<TaskProgress | undefined> {
  for await (const progress of task.progress()) return progress
  return undefined
}

function words(view: TaskView, progress: TaskProgress | undefined, printer: Printer): string {
  const { number, state, comment, message, tenant, next, approval, why } = view
  const rows = rowsOf({
    task: number,
    state: printer.state(state),
    why,
    comment,
    message,
    tenant,
    created: `${instant(view.createdAt)}${view.createdBy === undefined ? '' : ` by ${view.createdBy}`}`,
    next: instant(next),
    approval:
      approval &&
      `${approval.given.length} of ${approval.steps.length} given${approval.next === undefined ? '' : `, next ${approval.next}`}`,
    settled: progress && settledText(progress),
    messages: progress && tallyText(progress.messages),
    'rows refused': progress && progress.rejects > 0 ? progress.rejects.toLocaleString('en') : undefined,
  })
  return `${rows}\n${movesText(view)}`
}

function settledText({ settled, total }: TaskProgress): string {
  const of = total === undefined ? '' : ` of ${total.toLocaleString('en')}`
  return `${settled.toLocaleString('en')}${of}`
}

function movesText({ moves }: TaskView): string {
  return moves
    .slice(-shownMoves)
    .map(({ at, verb, to, by, why }) => {
      const who = by === undefined ? '' : ` by ${by}`
      return `  ${instant(at)}  ${verb} → ${to}${who}${why === undefined ? '' : `: ${why}`}`
    })
    .join('\n')
}

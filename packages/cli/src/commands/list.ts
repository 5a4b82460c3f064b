import type { TaskFilter, TaskView } from '@reachkit/core'
import { exitCodes } from '../output/exit-codes.js'
import type { Printer } from '../output/printer.js'
import { instant } from '../output/rows.js'
import type { Command } from './command.js'

export const list: Command = {
  name: 'list',
  takes: '',
  summary: 'Lists tasks, by number.',
  options: {
    state: { type: 'string', multiple: true, value: '<state>', help: 'only those that are in it' },
    tenant: { type: 'string', value: '<tenant>', help: 'only those of one tenant' },
    after: { type: 'string', value: '<number>', help: 'those behind this number' },
    limit: { type: 'string', value: '<n>', help: 'so many at most; 100 unless told' },
  },
  async run({ reach, input, printer }) {
    // Core knows which states there are, and says so of any other.
    const states = input.has('state') ? (input.texts('state') as NonNullable<TaskFilter['states']>) : undefined
    const page = { after: input.text('after'), limit: input.whole('limit') }
    const found = await reach.tasks.list({ states, tenant: input.text('tenant') }, page)
    printer.answer(found, () => (found.tasks.length === 0 ? 'No task.' : table(found.tasks, printer)))
    if (found.next !== undefined) printer.note(`There are more: --after ${found.next}`)
    return exitCodes.done
  },
}

function table(tasks: readonly TaskView[], printer: Printer): string {
  const number = width(tasks.map((task) => task.number))
  const state = width(tasks.map((task) => task.state))
  const message = width(tasks.map((task) => task.message))
  return tasks
    .map((task) =>
      [
        task.number.padEnd(number),
        printer.state(task.state, state),
        task.message.padEnd(message),
        task.next === undefined ? '' : `next ${instant(task.next)}`,
        task.comment ?? '',
      ]
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function width(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length))
}

import { exitCodes } from '../output/exit-codes.js'
import { reportWords } from '../output/report-words.js'
import type { Command } from './command.js'

export const report: Command = {
  name: 'report',
  takes: '<number>',
  summary: 'Tells what came of a task, or of as much of it as is done.',
  options: {},
  async run({ reach, input, printer }) {
    const found = await (await reach.tasks.get(input.required('the number of a task'))).report()
    printer.answer(found, () => reportWords(found, printer))
    return exitCodes.done
  },
}

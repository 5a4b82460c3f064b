import type { TaskHandle } from '@reachkit/core'
import { noteOf, noteOptions } from '../input/note.js'
import { exitCodes } from '../output/exit-codes.js'
import type { Command } from './command.js'

type Verb = 'pause' | 'resume' | 'cancel' | 'approve' | 'reject'

export const pause: Command = moveBy('pause', 'Stops it within a second, until it is resumed.')
export const resume: Command = moveBy('resume', 'Goes on with a task that is paused.')
export const cancel: Command = moveBy('cancel', 'Ends it; what was not sent is cancelled.')
export const approve: Command = moveBy('approve', 'Gives the step of its approval that is waited for.')
export const reject: Command = moveBy('reject', 'Refuses it: it never runs.')

function moveBy(verb: Verb, summary: string): Command {
  return {
    name: verb,
    takes: '<number>',
    summary,
    options: noteOptions,
    async run({ reach, input, printer, io }) {
      const task: TaskHandle = await reach.tasks.get(input.required('the number of a task'))
      const view = await task[verb](noteOf(input, io))
      printer.answer(view, () => `${view.number} ${printer.state(view.state)}`)
      return exitCodes.done
    },
  }
}

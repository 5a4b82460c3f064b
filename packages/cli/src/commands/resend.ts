import { noteOf, noteOptions } from '../input/note.js'
import { exitCodes } from '../output/exit-codes.js'
import type { ResendOptions } from '@reachkit/core'
import type { Command } from './command.js'

export const resend: Command = {
  name: 'resend',
  takes: '<number>',
  summary: 'Sends again what was rejected, has expired or is parked.',
  options: {
    outcome: {
      type: 'string',
      multiple: true,
      value: '<outcome>',
      help: 'only these: rejected, expired, parked, unresolved',
    },
    ...noteOptions,
  },
  async run({ reach, input, printer, io }) {
    const task = await reach.tasks.get(input.required('the number of a task'))
    const outcomes = input.has('outcome')
      ? (input.texts('outcome') as NonNullable<ResendOptions['outcomes']>)
      : undefined
    const answer = await task.resend({ ...noteOf(input, io), outcomes })
    printer.answer(answer, () => `${answer.resent.toLocaleString('en')} messages are sent again`)
    return exitCodes.done
  },
}

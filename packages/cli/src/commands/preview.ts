import type { TaskPreview } from '@reachkit/core'
import { requestedTask } from '../input/requested-task.js'
import { taskOptions } from '../input/task-options.js'
import { UsageError } from '../input/usage-error.js'
import { exitCodes } from '../output/exit-codes.js'
import { rowsOf } from '../output/rows.js'
import type { AppReach } from '../app/app-reach.js'
import type { Command } from './command.js'

type Options = Parameters<AppReach['tasks']['preview']>[0]

export const preview: Command = {
  name: 'preview',
  takes: '[<file>]',
  summary: 'Tells how many a task would reach, whom, and at what cost; nothing is stored.',
  options: {
    ...taskOptions,
    sample: { type: 'string', value: '<n>', help: 'show so many; 5 unless told' },
    most: { type: 'string', value: '<n>', help: 'stop counting there' },
  },
  async run({ reach, input, printer, io }) {
    const asked = await requestedTask(input, io.cwd)
    if (asked === undefined) throw new UsageError('preview: say a file, or the options of a task.')
    const how = { sample: input.whole('sample'), most: input.whole('most') }
    const found = await reach.tasks.preview(asked as unknown as Options, how)
    printer.answer(found, () => words(found))
    return exitCodes.done
  },
}

function words({ count, isExact, rejects, sample, cost }: TaskPreview): string {
  const rows = rowsOf({
    recipients: `${isExact ? '' : 'at least '}${count.toLocaleString('en')}`,
    'rows refused': rejects > 0 ? rejects.toLocaleString('en') : undefined,
    cost: cost && `${(cost.micros / 1_000_000).toLocaleString('en')} ${cost.currency}`,
  })
  const first = sample.map(({ id, data, problem }) => `  ${id}  ${problem ?? JSON.stringify(data)}`)
  return [rows, ...first].join('\n')
}

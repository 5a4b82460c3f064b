import { taskFromOptions, taskOptions } from './task-options.js'
import type { Input } from './parse-arguments.js'
import { isTaskFile, readTaskFile } from './task-file.js'
import { UsageError } from './usage-error.js'

/** The task that is asked for, by a file or by options; undefined where a number was given. */
export async function requestedTask(input: Input, cwd: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const name = input.positional
  if (name === undefined) return taskFromOptions(input, cwd)
  const [beside] = Object.keys(taskOptions).filter((option) => option !== 'by' && input.has(option))
  if (beside !== undefined)
    throw new UsageError(`--${beside} goes without ${isTaskFile(name) ? 'a file' : 'a number'}.`)
  return isTaskFile(name) ? readTaskFile(name, cwd) : undefined
}

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { exported, importFile } from '../app/import-file.js'
import { audienceOf } from './read-audience.js'
import { valueOf } from './read-data.js'
import { readSchedule } from './read-schedule.js'
import { UsageError } from './usage-error.js'

const endings = ['.json', '.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']

/** True for the name of a file rather than the number of a task. */
export function isTaskFile(name: string): boolean {
  return endings.includes(extname(name))
}

/**
 * What `tasks.create` is given, from a file: JSON in the words of the command line, or a module whose default export
 * it is. Paths in JSON are seen from the file.
 * @throws UsageError
 */
export async function readTaskFile(name: string, cwd: string): Promise<Readonly<Record<string, unknown>>> {
  const path = resolve(cwd, name)
  if (!existsSync(path)) throw new UsageError(`There is no ${name}.`)
  const found = extname(path) === '.json' ? await readJson(path, name) : exported(await importFile(path), 'task')
  if (isFields(found)) return found
  throw new UsageError(`${name} must hold one task.`)
}

async function readJson(path: string, name: string): Promise<unknown> {
  const task = parse(await readFile(path, 'utf8'), name)
  if (!isFields(task)) return task
  const { audience, data, schedule, until, rejectsTo, ...rest } = task
  const folder = dirname(path)
  return {
    ...rest,
    audience: audienceOf(audience, folder),
    ...(isFields(data) && {
      data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, valueOf(value)])),
    }),
    ...(isFields(schedule) && { schedule: 'kind' in schedule ? schedule : readSchedule(schedule) }),
    ...(typeof until === 'string' && { until: new Date(until) }),
    ...(typeof rejectsTo === 'string' && { rejectsTo: resolve(folder, rejectsTo) }),
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new UsageError(`${name} is no JSON.`)
  }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

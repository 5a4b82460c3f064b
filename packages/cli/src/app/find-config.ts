import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from '../input/usage-error.js'

const names = ['ts', 'mts', 'js', 'mjs', 'cjs'].map((ending) => `reachkit.config.${ending}`)

/** The config that was named, or the nearest one from here upwards. */
export function findConfig(cwd: string, named: string | undefined): string {
  if (named !== undefined) {
    const path = resolve(cwd, named)
    if (existsSync(path)) return path
    throw new UsageError(`There is no ${named}.`)
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const found = names.map((name) => join(folder, name)).find((path) => existsSync(path))
    if (found !== undefined) return found
    if (dirname(folder) === folder) {
      throw new UsageError('There is no reachkit.config.{ts,js,mjs,cjs} here or above; name one with --config.')
    }
  }
}

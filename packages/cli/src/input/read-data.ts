import { column } from '@reachkit/core'
import { UsageError } from './usage-error.js'

/**
 * The data of a task from `name=text`, `name=@column` and `name:=json`. `@@` begins a text that begins with `@`.
 * @throws UsageError
 */
export function readData(pairs: readonly string[]): Record<string, unknown> | undefined {
  if (pairs.length === 0) return undefined
  return Object.fromEntries(pairs.map(readPair))
}

function readPair(pair: string): [string, unknown] {
  const [, name, sign, value] = /^([^=:]+)(:?=)([^]*)$/.exec(pair) ?? []
  if (name === undefined || value === undefined) {
    throw new UsageError('--data must be name=text, name=@column or name:=json')
  }
  return [name, sign === ':=' ? readJson(name, value) : valueOf(value)]
}

/** A text, or the column that it names. */
export function valueOf(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('@')) return value
  return value.startsWith('@@') ? value.slice(1) : column(value.slice(1))
}

function readJson(name: string, value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw new UsageError(`--data ${name}:= must be JSON`)
  }
}

import type { MessageDefinition } from '../message/definition.js'
import { ReachError } from '../spec/index.js'

/**
 * Data as the schema of the type answers it, defaults and transforms applied: this is what is stored, and it is never
 * parsed again.
 * @throws ReachError `REACH_DATA_INVALID` naming every field that is wrong, never its value.
 */
export function parseData({ key, schema }: MessageDefinition, data: unknown): unknown {
  const given = data === undefined ? {} : data
  if (schema === undefined) return given
  const result = schema['~standard'].validate(given)
  return result instanceof Promise ? result.then((awaited) => valueOf(key, awaited)) : valueOf(key, result)
}

type Result =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] }

function valueOf(key: string, result: Result): unknown {
  if (result.issues === undefined) return result.value
  const fields = result.issues.map(({ message, path }) => `${pathOf(path)}: ${withoutValues(message)}`)
  throw new ReachError('REACH_DATA_INVALID', `'${key}': the data does not fit. ${fields.join('; ')}`)
}

function pathOf(path: readonly unknown[] | undefined): string {
  if (path === undefined || path.length === 0) return 'data'
  return path.map((part) => (typeof part === 'object' && part !== null && 'key' in part ? part.key : part)).join('.')
}

/** A schema's own text may quote what it was given; what stands in quotes stays out, but for names of types. */
function withoutValues(message: string): string {
  return message.replace(/, received (?!undefined|null|string|number|boolean|object|array|NaN).*$/iu, '')
}

import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { MessageDefinition } from '../message/definition.js'
import { describeKind, isFields } from '../options/index.js'
import { ReachError } from '../spec/index.js'

/**
 * Data as the schema of the type answers it, defaults and transforms applied: this is what is stored, and it is never
 * parsed again.
 * @throws ReachError `REACH_DATA_INVALID` naming every field that is wrong, never its value.
 */
export function parseData({ key, schema }: MessageDefinition, data: unknown): unknown {
  const given = data === undefined ? {} : data
  if (schema === undefined) return noData(key, given)
  const result = validated(key, schema, given)
  return result instanceof Promise
    ? result.then((awaited) => valueOf(key, awaited, given))
    : valueOf(key, result, given)
}

function validated(key: string, schema: StandardSchemaV1, given: unknown): Result | Promise<Result> {
  try {
    const result = schema['~standard'].validate(given)
    return result instanceof Promise ? result.catch((cause: unknown) => threw(key, cause)) : result
  } catch (cause) {
    return threw(key, cause)
  }
}

function threw(key: string, cause: unknown): never {
  throw new ReachError(
    'REACH_DATA_INVALID',
    `'${key}': the schema threw ${cause instanceof Error ? cause.name : typeof cause}`,
  )
}

/** A type without a schema takes none. */
function noData(key: string, given: unknown): unknown {
  if (isFields(given) && Object.values(given).every((value) => value === undefined)) return {}
  throw new ReachError(
    'REACH_DATA_INVALID',
    `'${key}' has no schema and takes no data; it was given ${describeKind(given)}`,
  )
}

type Result =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] }

function valueOf(key: string, result: Result, given: unknown): unknown {
  if (result.issues === undefined) return result.value
  const fields = result.issues.map(
    ({ message, path }) => `${pathOf(path)}: ${withoutValues(message, valueAt(given, path))}`,
  )
  throw new ReachError('REACH_DATA_INVALID', `'${key}': the data does not fit. ${fields.join('; ')}`)
}

function pathOf(path: readonly unknown[] | undefined): string {
  if (path === undefined || path.length === 0) return 'data'
  return path.map((part) => nameOf(keyOf(part))).join('.')
}

function keyOf(part: unknown): unknown {
  return typeof part === 'object' && part !== null && 'key' in part ? part.key : part
}

/** A key that is no name may be an address that a record is keyed by. */
function nameOf(key: unknown): string {
  return /^[\p{L}\p{N}_$][\p{L}\p{N}_$-]{0,63}$/u.test(String(key)) ? String(key) : '…'
}

/** What stands at the place that an issue names. */
function valueAt(given: unknown, path: readonly unknown[] = []): unknown {
  let value = given
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<PropertyKey, unknown>)[keyOf(part) as PropertyKey]
  }
  return value
}

/** A schema's own text may repeat what it was given: that stays out, but for names of types. */
function withoutValues(message: string, value: unknown): string {
  const said = message.replace(
    /[,:]?(?: but)? received (?!undefined|null|string|number|boolean|object|array|nan)\S.*$/iu,
    '',
  )
  if (typeof value !== 'string' && typeof value !== 'number') return said
  const text = String(value)
  return text === '' || typeNames.has(text) ? said : said.replaceAll(text, '…')
}

const typeNames: ReadonlySet<string> = new Set(['undefined', 'null', 'string', 'number', 'boolean', 'object', 'array'])

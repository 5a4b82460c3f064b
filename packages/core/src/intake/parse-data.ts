import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { MessageDefinition } from '../message/definition.js'
import { describeKind, isFields, issueText } from '../options/index.js'
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
  const fields = result.issues.map((issue) => issueText(issue, given))
  throw new ReachError('REACH_DATA_INVALID', `'${key}': the data does not fit. ${fields.join('; ')}`)
}

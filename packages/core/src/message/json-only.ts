import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Problem } from '../problem/index.js'

type Plain = string | number | boolean | null | undefined
type NeverJson =
  | bigint
  | symbol
  | Date
  | ((...given: never[]) => unknown)
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>

/** The parts of a type that JSON cannot keep; `never` where there are none. */
type NotJson<Value> = Value extends Plain
  ? never
  : Value extends NeverJson
    ? Value
    : Value extends object
      ? { [Field in keyof Value]: NotJson<Value[Field]> }[keyof Value]
      : never

/** Data waits in the store as JSON, as the schema answered it: `unknown` where that works, or else the problem. */
export type JsonOnly<Schema extends StandardSchemaV1> = [NotJson<StandardSchemaV1.InferOutput<Schema>>] extends [never]
  ? unknown
  : Problem<'data is stored as JSON: no Date, bigint, Map, Set or function; for a date use z.iso.datetime()'>

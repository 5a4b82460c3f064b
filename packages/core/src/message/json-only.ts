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

/** The type itself, without what JSON cannot keep. Never walked through at once, so that a type may contain itself. */
type AsJson<Value> = Value extends Plain
  ? Value
  : Value extends NeverJson
    ? never
    : Value extends readonly (infer Each)[]
      ? readonly AsJson<Each>[]
      : Value extends object
        ? { [Field in keyof Value]: AsJson<Value[Field]> }
        : Value

/** Data waits in the store as JSON, as the schema answered it: `unknown` where that works, or else the problem. */
export type JsonOnly<Schema extends StandardSchemaV1> = [StandardSchemaV1.InferOutput<Schema>] extends [
  AsJson<StandardSchemaV1.InferOutput<Schema>>,
]
  ? unknown
  : Problem<'data is stored as JSON: no Date, bigint, Map, Set or function; for a date use z.iso.datetime()'>

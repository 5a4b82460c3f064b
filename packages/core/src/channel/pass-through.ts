import type { StandardSchemaV1 } from '@standard-schema/spec'

/** A schema that takes every value as it is: the types alone say what it must be. */
export function passThrough<Value>(): StandardSchemaV1<unknown, Value> {
  return { '~standard': { version: 1, vendor: 'reachkit', validate: (value) => ({ value: value as Value }) } }
}

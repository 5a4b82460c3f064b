import { ReachError } from '@reachkit/core/spec'
import { isOperationNodeSource, type RawBuilder, sql } from 'kysely'

/** SQL whose values are parameters: they are sent beside the text, or escaped by the driver, and are never read as SQL. */
export type Bound = RawBuilder<unknown>

/**
 * SQL with its values bound: ``bound`select id from customer where plan = ${plan} and city in (${cities})` ``. A list is as
 * many parameters as it has values; `bound` within `bound` is SQL.
 * @throws ReachError `REACH_OPTION_INVALID` for a value that a database cannot be given.
 */
export function bound(text: TemplateStringsArray, ...values: readonly unknown[]): Bound {
  return sql(text, ...values.map(parameter))
}

function parameter(value: unknown): unknown {
  if (isBound(value)) return value
  if (!Array.isArray(value)) return single(value)
  // No list of values is empty in SQL, and nothing is equal to null.
  return value.length === 0 ? null : sql.join(value.map(single))
}

/** An object is refused: a driver of MySQL would write it as a list of assignments. */
function single(value: unknown): unknown {
  const isPlain = value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
  if (isPlain || value instanceof Date || value instanceof Uint8Array) return value
  throw new ReachError(
    'REACH_OPTION_INVALID',
    'bound: a value must be text, a number, true or false, null, a Date or bytes',
  )
}

export function isBound(value: unknown): value is Bound {
  return isOperationNodeSource(value) && 'isRawBuilder' in value
}

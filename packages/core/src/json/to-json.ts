import { depthLimit } from './find-unstorable.js'
import { isPlainObject } from './is-plain-object.js'
import { refuseUnstorable } from './refuse-unstorable.js'

/**
 * The JSON text of `value`, or `REACH_DATA_NOT_JSON` naming the field (`where` and the path below it, never a value)
 * and what it is. Refused is all that JSON would drop or change: a circular reference, a bigint, function, symbol,
 * NaN or Infinity, `undefined` in an array, a Date, Map, Set or another instance of a class.
 * A field that is `undefined` is left out, as in JSON. Properties keyed by symbols are not looked at.
 */
export function toJson(value: unknown, where: string): string {
  try {
    if (value !== undefined && isStorable(value, depthLimit)) return JSON.stringify(value)
  } catch (cause) {
    return refuseUnstorable(value, where, cause)
  }
  return refuseUnstorable(value, where)
}

/** The common case costs a look at each value. Levels are counted, so that a circular reference ends too. */
function isStorable(value: unknown, levels: number): boolean {
  if (typeof value === 'object') return value === null || (levels > 0 && isStorableObject(value, levels - 1))
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'string' || typeof value === 'boolean' || value === undefined
}

function isStorableObject(value: object, levels: number): boolean {
  if (Array.isArray(value)) return isStorableArray(value, levels)
  if (!isPlainObject(value)) return false
  for (const key of Object.keys(value)) if (!isStorable(value[key], levels)) return false
  return true
}

function isStorableArray(items: readonly unknown[], levels: number): boolean {
  for (const item of items) if (item === undefined || !isStorable(item, levels)) return false
  return true
}

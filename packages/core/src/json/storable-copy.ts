import { isPlainObject } from './is-plain-object.js'
import { depthLimit } from './find-unstorable.js'
import { refuseUnstorable } from './refuse-unstorable.js'

/** Stands for what JSON would drop or change, so that the search for it starts only then. */
const unstorable: unique symbol = Symbol('unstorable')

/**
 * What `JSON.parse(JSON.stringify(value))` would give, without the text: nobody who holds `value` can change the copy.
 * Refuses with `REACH_DATA_NOT_JSON` what JSON would drop or change, naming the field, never a value.
 */
export function storableCopy(value: unknown, where: string): unknown {
  try {
    const copy = value === undefined ? unstorable : copyOf(value, depthLimit)
    if (copy !== unstorable) return copy
  } catch (cause) {
    return refuseUnstorable(value, where, cause)
  }
  return refuseUnstorable(value, where)
}

function copyOf(value: unknown, levels: number): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value
    case 'number':
      return Number.isFinite(value) ? (value === 0 ? 0 : value) : unstorable
    case 'object':
      if (value === null) return null
      return levels === 0 ? unstorable : copyOfObject(value, levels - 1)
    case 'bigint':
    case 'function':
    case 'symbol':
      return unstorable
  }
}

function copyOfObject(value: object, levels: number): unknown {
  if (Array.isArray(value)) return copyOfArray(value, levels)
  if (!isPlainObject(value)) return unstorable
  const copy: Record<string, unknown> = {}
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue
    const field = copyOf(value[key], levels)
    if (field === unstorable) return unstorable
    if (field === undefined) continue
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value: field, enumerable: true, writable: true, configurable: true })
    else copy[key] = field
  }
  return copy
}

function copyOfArray(items: readonly unknown[], levels: number): unknown {
  const copy: unknown[] = []
  for (const item of items) {
    const field = item === undefined ? unstorable : copyOf(item, levels)
    if (field === unstorable) return unstorable
    copy.push(field)
  }
  return copy
}

import { shownName } from '../options/index.js'
import { isPlainObject } from './is-plain-object.js'

/** Deeper than any real data, and far from the depth at which the stack ends. */
export const depthLimit = 200

/** What JSON would refuse, drop or change, and where it stands. */
export interface Unstorable {
  readonly path: string
  /** For a sentence: `a bigint`, `an instance of Order`. */
  readonly kind: string
}

/** The first value that does not survive JSON. Slow: asked only once something is known to be wrong. */
export function findUnstorable(value: unknown, path: string, above: readonly object[] = []): Unstorable | undefined {
  const kind = typeof value === 'object' && value !== null ? objectKind(value, above) : primitiveKind(value)
  if (kind !== undefined) return { path, kind }
  return typeof value === 'object' && value !== null ? findInside(value, path, [...above, value]) : undefined
}

function findInside(value: object, path: string, above: readonly object[]): Unstorable | undefined {
  const inArray = Array.isArray(value)
  const entries: Iterable<readonly [string | number, unknown]> = inArray ? value.entries() : Object.entries(value)
  for (const [key, child] of entries) {
    if (child === undefined && !inArray) continue
    const found = findUnstorable(child, step(path, key), above)
    if (found !== undefined) return found
  }
  return undefined
}

function primitiveKind(value: unknown): string | undefined {
  if (value === undefined) return 'undefined'
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : String(value)
  return ['bigint', 'function', 'symbol'].includes(typeof value) ? `a ${typeof value}` : undefined
}

function objectKind(value: object, above: readonly object[]): string | undefined {
  if (above.includes(value)) return 'a circular reference'
  if (above.length >= depthLimit) return `nested more than ${depthLimit} levels deep`
  return Array.isArray(value) || isPlainObject(value) ? undefined : instanceKind(value)
}

function instanceKind(value: object): string {
  const name: unknown = value.constructor?.name
  if (value instanceof Date || value instanceof Map || value instanceof Set) return `a ${String(name)}`
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an instance of a class'
}

/** A key that is not a name may be an address that a record is keyed by: no error carries one. */
function step(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  return shownName(key) === key ? `${path}.${key}` : `${path}[…]`
}

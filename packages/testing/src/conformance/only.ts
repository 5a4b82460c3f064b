import assert from 'node:assert/strict'

/** The one element; an error where there are none or several. */
export function only<T>(items: readonly T[]): T {
  const [first] = items
  assert(first !== undefined && items.length === 1, `one was expected, not ${items.length}`)
  return first
}

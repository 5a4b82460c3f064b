import assert from 'node:assert/strict'

/** The one element; an error where there are none or several. */
export function only<T>(items: readonly T[]): T {
  for (const item of items) if (items.length === 1) return item
  return assert.fail(`one was expected, not ${items.length}`)
}

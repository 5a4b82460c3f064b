/** A value as Liquid prints it: null is empty, an array is its items without a gap. Throws where it has no text. */
export function printValue(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(printValue).join('')
  // oxlint-disable-next-line typescript/no-base-to-string -- an object is `[object Object]`, as in Liquid
  return String(value)
}

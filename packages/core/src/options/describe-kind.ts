/** What kind of value was given, for an error text: never the value itself, which may be an address or a secret. */
export function describeKind(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array'
  if (value instanceof Date) return 'a Date'
  if (typeof value === 'object') return 'an object'
  if (value === '') return 'an empty string'
  return `a ${typeof value}`
}

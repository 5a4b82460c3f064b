/** A value of a row as JSON: exact where it is a number that JSON holds, text where it is a longer one; bytes are left out. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : value.toString()
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return undefined
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  // What a driver makes of JSON, of arrays and of types of its own.
  return typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value
}

export function plainRow(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(row).map(([name, value]) => [name, plainValue(value)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** An id as Reachkit has it; undefined for what is none. */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : undefined
}

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
}

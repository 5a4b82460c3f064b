import { ReachError } from '@reachkit/core/spec'

/** Where a page ended: how many rows came before, and the key of the last one, with its kind. */
export interface Place {
  readonly rows: number
  readonly key: KeyValue | undefined
}

/** The value of a unique column that rows are ordered by. */
export type KeyValue = string | bigint | Uint8Array

const start: Place = { rows: 0, key: undefined }

export function writePlace({ rows, key }: Place): string {
  if (typeof key === 'string') return JSON.stringify([rows, 'text', key])
  if (typeof key === 'bigint') return JSON.stringify([rows, 'whole', key.toString()])
  return JSON.stringify([rows, 'bytes', Buffer.from(key ?? []).toString('base64')])
}

export function readPlace(cursor: string): Place {
  if (cursor === '') return start
  const [rows, kind, text] = parse(cursor)
  if (!Number.isSafeInteger(rows) || typeof text !== 'string') return refuse()
  if (kind === 'text') return { rows: Number(rows), key: text }
  if (kind === 'whole' && /^-?\d{1,20}$/.test(text)) return { rows: Number(rows), key: BigInt(text) }
  return kind === 'bytes' ? { rows: Number(rows), key: Buffer.from(text, 'base64') } : refuse()
}

function parse(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(cursor)
    return Array.isArray(parsed) ? parsed : refuse()
  } catch {
    return refuse()
  }
}

function refuse(): never {
  throw new ReachError('REACH_AUDIENCE_INVALID', 'the cursor is not one of this audience')
}

/**
 * The key of a row. A date is none: drivers know milliseconds only, and a page would begin behind rows that nobody saw. A
 * fraction is none for the like reason.
 */
export function keyOf(value: unknown, column: string): KeyValue {
  if (typeof value === 'string' || typeof value === 'bigint') return value
  if (Number.isSafeInteger(value)) return BigInt(value as number)
  if (value instanceof Uint8Array && value.length <= 1_000) return value
  throw new ReachError('REACH_AUDIENCE_INVALID', `the key '${column}' must be a column of text, whole numbers or bytes`)
}

export function isSameKey(one: KeyValue, other: KeyValue): boolean {
  if (one instanceof Uint8Array) return other instanceof Uint8Array && Buffer.compare(one, other) === 0
  return one === other
}

import { ReachError } from '../spec/index.js'

/** For a cursor that no page of this source has answered. */
export function invalidCursor(): ReachError {
  return new ReachError(
    'REACH_AUDIENCE_INVALID',
    'The cursor of an audience cannot be read: it belongs to another one.',
  )
}

/** Whole numbers, joined by colons; undefined where there are not so many. */
export function numbersOf(cursor: string, count: number): readonly number[] {
  const parts = cursor.split(':')
  if (parts.length !== count || !parts.every((part) => /^\d{1,15}$/.test(part))) throw invalidCursor()
  return parts.map(Number)
}

import type { Profile, Segment } from '@reachkit/core/spec'

/** Some recipients, and segments with whom of them each has. */
export interface SegmentTable {
  readonly name: string
  readonly promise: string
  readonly people: readonly Profile[]
  readonly rows: readonly SegmentRow[]
}

export type SegmentRow = readonly [segment: Segment, ids: readonly string[]]

/** The same attribute in every row, which is named `v`. */
export function rowsOf(
  ...rows: readonly (readonly [comparison: Readonly<Record<string, unknown>>, ids: readonly string[]])[]
): readonly SegmentRow[] {
  return rows.map(([comparison, ids]) => [{ attribute: 'v', ...comparison }, ids])
}

/** Recipients that have one value each in the attribute `v`, by their ids. */
export function having(values: Readonly<Record<string, unknown>>): Profile[] {
  return Object.entries(values).map(([id, v]) => ({ id, addresses: {}, attributes: v === undefined ? {} : { v } }))
}

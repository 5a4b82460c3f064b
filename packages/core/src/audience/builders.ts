import type { Segment } from '../spec/index.js'
import type { DifferenceOf, IdsPlan, IntersectionOf, SegmentPlan, UnionOf } from './plan.js'

/** Recipients by the ids that the directory knows. More than 1,000 are copied into the store when the task is created. */
export function ids(given: readonly string[]): IdsPlan {
  return { kind: 'ids', ids: given }
}

/** The recipients of the book that a rule selects. Who comes or goes while a run reads may be seen or not. */
export function segment(rule: Segment): SegmentPlan {
  return { kind: 'segment', segment: rule }
}

/**
 * Who is in any of these, one audience after the other. Whoever is in several comes several times, the first time with
 * the data of that audience; a run sends to each recipient once all the same.
 */
export function union<const Parts extends readonly unknown[]>(...of: Parts): UnionOf<Parts[number]> {
  return { kind: 'union', of }
}

/** Who is in all of these: the order and the data are those of the first. Put the smallest first. */
export function intersection<const Parts extends readonly unknown[]>(...of: Parts): IntersectionOf<Parts[number]> {
  return { kind: 'intersection', of }
}

/** Who is in `of` and not in `without`: an exclude list. */
export function difference<const Of, const Without>(of: Of, without: Without): DifferenceOf<Of | Without> {
  return { kind: 'difference', of, without }
}

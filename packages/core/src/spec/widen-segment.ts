import type { Condition, Segment } from './segment.js'

export interface WidenedSegment {
  /** Made of conditions that are answered, and true at least wherever the given one is. */
  readonly segment: Segment
  /** True where nothing was widened: both are the same rule. */
  readonly exact: boolean
}

/**
 * The part of a segment that a store can answer by itself: what it compiles, where it answers some conditions only. Each of
 * the others is taken for met where that can only add recipients, and under a `not` for unmet, which can too.
 */
export function widenSegment(segment: Segment, answers: (condition: Condition) => boolean): WidenedSegment {
  let exact = true
  const widen = (part: Segment, most: boolean): Segment => {
    if ('all' in part) return { all: part.all.map((inner) => widen(inner, most)) }
    if ('any' in part) return { any: part.any.map((inner) => widen(inner, most)) }
    if ('not' in part) return { not: widen(part.not, !most) }
    if (answers(part)) return part
    exact = false
    return most ? { all: [] } : { any: [] }
  }
  return { segment: widen(segment, true), exact }
}

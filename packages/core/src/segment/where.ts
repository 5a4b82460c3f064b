import type { Duration } from '../duration/index.js'
import type { Comparisons, Segment, SegmentScalar } from '../spec/index.js'
import { parseSegment } from './parse-segment.js'

/** Makes a condition of one attribute. Values of two kinds are never equal; of a list, one of its elements must fit. */
export interface AttributeRule {
  readonly is: (value: SegmentScalar) => Segment
  /** Is one of these. */
  readonly in: (values: readonly SegmentScalar[]) => Segment
  readonly above: (bound: string | number) => Segment
  readonly atLeast: (bound: string | number) => Segment
  readonly below: (bound: string | number) => Segment
  readonly atMost: (bound: string | number) => Segment
  readonly startsWith: (text: string) => Segment
  /** Several at once, which one and the same value must fit: `attribute('age').fits({ atLeast: 18, below: 30 })`. */
  readonly fits: (comparisons: Comparisons) => Segment
  /** There is something that is not null. */
  readonly exists: () => Segment
  /** There is nothing, or null. */
  readonly isMissing: () => Segment
}

/** How often, and how far back, a length of time such as '30d'. Once, and as far as is known, unless told. */
export interface Lately {
  readonly times?: number | undefined
  readonly within?: Duration | undefined
}

/**
 * Builds segments, for which JSON of the same words stands as well:
 *
 *     const { all, attribute, did, group, not, received } = where
 *     const worthIt = all(
 *       attribute('plan').is('gold'),
 *       not(group('staff')),
 *       did('order.paid', { within: '30d', times: 2 }),
 *       not(received('spring.sale', { within: '7d' })),
 *     )
 *
 * What each part means is said at `Segment`. Each throws ReachError `REACH_SEGMENT_INVALID` for what `parseSegment` refuses.
 */
export interface Where {
  /** Everyone for whom all of these hold; without any, everyone. */
  readonly all: (...parts: readonly Segment[]) => Segment
  /** Everyone for whom one of these holds; without any, nobody. */
  readonly any: (...parts: readonly Segment[]) => Segment
  /** Everyone else. */
  readonly not: (part: Segment) => Segment
  readonly everyone: () => Segment
  /** An attribute by its name; `plan.name` is the field of an object. */
  readonly attribute: (name: string) => AttributeRule
  /** The recipient's own id. */
  readonly id: AttributeRule
  /** The recipient's own locale. */
  readonly locale: AttributeRule
  readonly group: (name: string) => Segment
  /** Lives in one of these IANA time zones; `null` for who has none. */
  readonly zone: (...zones: readonly (string | null)[]) => Segment
  /** Has done this lately: events of this name. */
  readonly did: (event: string, lately?: Lately) => Segment
  /** Was sent messages of this type lately, or of any type where it is left out. */
  readonly received: (type?: string, lately?: Lately) => Segment
}

/** Builds segments: see `Where`. */
export const where: Where = Object.freeze({
  all: (...parts) => parseSegment({ all: parts }),
  any: (...parts) => parseSegment({ any: parts }),
  not: (part) => parseSegment({ not: part }),
  everyone: () => ({ all: [] }),
  attribute: (name) => ruleOf({ attribute: name }),
  id: ruleOf({ attribute: 'id', of: 'recipient' }),
  locale: ruleOf({ attribute: 'locale', of: 'recipient' }),
  group: (name) => parseSegment({ group: name }),
  zone: (...zones) => parseSegment({ zone: zones }),
  did: (event, lately) => parseSegment({ ...lately, event }),
  received: (type, lately) => parseSegment({ ...lately, received: type ?? true }),
} satisfies Where)

function ruleOf(subject: { readonly attribute: string; readonly of?: 'recipient' }): AttributeRule {
  const fits = (comparisons: Comparisons): Segment => parseSegment({ ...comparisons, ...subject })
  return Object.freeze({
    is: (value: SegmentScalar) => fits({ is: value }),
    in: (values: readonly SegmentScalar[]) => fits({ in: values }),
    above: (bound: string | number) => fits({ above: bound }),
    atLeast: (bound: string | number) => fits({ atLeast: bound }),
    below: (bound: string | number) => fits({ below: bound }),
    atMost: (bound: string | number) => fits({ atMost: bound }),
    startsWith: (text: string) => fits({ startsWith: text }),
    fits,
    exists: () => parseSegment({ ...subject, exists: true }),
    isMissing: () => parseSegment({ ...subject, exists: false }),
  })
}

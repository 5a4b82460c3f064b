/**
 * A rule over what is known of a recipient: what an audience is made of, and later what rules decide by. Plain JSON, so
 * that an operator may write it, a store may compile it, and two processes judge alike.
 *
 * A condition on what is not known does not hold, whatever it asks; `not` of it does. So `not` is everybody else.
 */
export type Segment =
  | { readonly all: readonly Segment[] }
  | { readonly any: readonly Segment[] }
  | { readonly not: Segment }
  | AttributeCondition
  | { readonly group: string }
  | ZoneCondition
  | EventCondition
  | ReceivedCondition

/** What an attribute is compared with. */
export type SegmentScalar = string | number | boolean

/**
 * One attribute, by its name; `plan.name` is the field of an object. Values of two kinds (a text and a number) are never
 * equal, and neither is above the other; texts compare by code point, instants as ISO 8601 texts do. Of an attribute that
 * is a list, `is`, `in` and the others hold where they hold for any of its elements.
 */
export interface AttributeCondition {
  /** An attribute; `id` and `locale` are the recipient's own where `of` says so. */
  readonly attribute: string
  readonly of?: 'recipient'
  readonly is?: SegmentScalar
  readonly in?: readonly SegmentScalar[]
  readonly above?: string | number
  readonly atLeast?: string | number
  readonly below?: string | number
  readonly atMost?: string | number
  readonly startsWith?: string
  /** True where there is a value that is not null. */
  readonly exists?: boolean
}

/** Lives in one of these time zones; null for who has none. */
export interface ZoneCondition {
  readonly zone: readonly (string | null)[]
}

/** So many events of a name lately. */
export interface EventCondition {
  readonly event: string
  /** At least so many: 1 unless told. */
  readonly times?: number
  /** How far back, in milliseconds; as far as events are kept unless told. */
  readonly withinMs?: number
}

/** Was sent so many messages of a type lately, or of any. */
export interface ReceivedCondition {
  readonly received: string | true
  readonly times?: number
  readonly withinMs?: number
}

/**
 * A rule over what is known of a recipient: what an audience is made of, and later what rules decide by. Plain JSON, so
 * that an operator may write it, a store may compile it, and two processes judge alike.
 *
 * Each part of a tree holds or does not: there is no third answer. What is not known makes a condition not hold, and
 * `not` of it hold. `all` of nothing is everybody, `any` of nothing is nobody.
 *
 * Texts are equal where they are the same code points: case, accents, spaces at the end and forms of normalization
 * count. Their order is that of their code points, which is that of their bytes in UTF-8: see `compareTexts`.
 */
export type Segment =
  | { readonly all: readonly Segment[] }
  | { readonly any: readonly Segment[] }
  | { readonly not: Segment }
  | Condition

/** A part of a segment that is not made of others. */
export type Condition = AttributeCondition | GroupCondition | ZoneCondition | EventCondition | ReceivedCondition

/** What an attribute is compared with. */
export type SegmentScalar = string | number | boolean

/**
 * One attribute, by its name. A dot steps into an object: `plan.name` is the field `name` of the attribute `plan` (see
 * `attributePath`). It steps into nothing else: a list or a text on the way has no fields, whatever the field is called.
 *
 * - What is found may have several values: a text, a number and a boolean are one value each; a list has those of its
 *   elements that are one of these. All else has none: null, an object, an element that is null, a list or an object,
 *   and what is not there.
 * - Comparisons hold where one and the same value fits all that are given: `{ atLeast: 18, below: 30 }` does not hold
 *   for the list `[17, 30]`.
 * - Values of two kinds (text, number, boolean) are never equal, and neither is above or below the other: `1`, `'1'` and
 *   `true` are three values. Numbers compare as numbers, `-0` is `0`. Booleans have no order. Instants compare as texts
 *   of ISO 8601 do.
 * - `exists` asks for what is found itself, not for its values: true for all that is not null, an empty list and an
 *   object too; false for null and for what is not there. It holds beside comparisons where both do.
 *
 * At least one comparison or `exists` is given.
 */
export interface AttributeCondition extends Comparisons {
  /** With `of: 'recipient'` only `id` and `locale`, which are texts of the recipient itself. */
  readonly attribute: string
  readonly of?: 'recipient'
  readonly exists?: boolean
}

export interface Comparisons {
  readonly is?: SegmentScalar
  /** Is one of these; of none of none. */
  readonly in?: readonly SegmentScalar[]
  readonly above?: string | number
  readonly atLeast?: string | number
  readonly below?: string | number
  readonly atMost?: string | number
  /** Of texts only; every text starts with the empty one. No character of it is special. */
  readonly startsWith?: string
}

/** Is in this group. */
export interface GroupCondition {
  readonly group: string
}

/** Lives in one of these time zones; null for who has none. */
export interface ZoneCondition {
  readonly zone: readonly (string | null)[]
}

/** So many events of a name lately: those at `windowStart` or later, as `Book.events` counts them. */
export interface EventCondition {
  readonly event: string
  /** At least so many: 1 unless told, never less. */
  readonly times?: number
  /** How far back, in milliseconds; as far as events are kept unless told. */
  readonly withinMs?: number
}

/** Was sent so many messages of a type lately, or of any: those since `windowStart`, as `History.received` counts them. */
export interface ReceivedCondition {
  readonly received: string | true
  readonly times?: number
  readonly withinMs?: number
}

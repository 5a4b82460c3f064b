import type { Reason, Recipient } from '../spec/index.js'

/** What a template may name: each field of the data, and `recipient`, which a field of that name does not hide. */
export interface RenderScope {
  readonly data: Readonly<Record<string, unknown>>
  readonly recipient: Recipient
}

/** Where a template stands, for errors and reasons. */
export interface TextPlace {
  /** The key of the message type. */
  readonly message: string
  /** `content.email.subject` */
  readonly field: string
  /** Values are escaped. */
  readonly html: boolean
}

/** One string of the content, parsed once. */
export interface TextTemplate {
  /** The names that it needs from outside, without what follows a dot: `['orderId', 'recipient']`. */
  readonly variables: readonly string[]
  /** The text, or the reason why there is none. */
  render(scope: RenderScope): string | Reason
}

/** A value is named as the template spells it: what stands in the data never shows. */
export function missingValue(place: TextPlace, name: string): Reason {
  return { code: 'template-value-missing', detail: `${place.field} uses {{ ${name} }}, which has no value` }
}

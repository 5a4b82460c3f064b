import type { InlineRecipient } from '../reach/recipient-types.js'
import type { Segment } from '../spec/index.js'
import type {
  DifferenceOf,
  IdsPlan,
  IntersectionOf,
  NamedPlan,
  SampleOf,
  SegmentPlan,
  UnionOf,
  UnreadFile,
} from './plan.js'

/** One of an audience: an id that the directory knows, or a recipient given whole, with data of its own. */
export type AudienceMember<Addresses = Readonly<Record<string, unknown>>> =
  | string
  | (InlineRecipient<Addresses> & {
      /** What message data may be taken from, by name: JSON. */
      readonly columns?: Readonly<Record<string, unknown>> | undefined
    })

/** What `ids`, `csv`, `segment` and the other builders answer. */
export type Audience =
  | IdsPlan
  | SegmentPlan
  | NamedPlan
  | UnreadFile
  | UnionOf<unknown>
  | IntersectionOf<unknown>
  | DifferenceOf<unknown>
  | SampleOf<unknown>

/**
 * Who a task goes to: ids and recipients themselves, a segment, or what a builder answers. More than 1,000 ids, and what
 * can only be iterated, are copied into the store before the task is scheduled.
 */
export type AudienceOption<Addresses = Readonly<Record<string, unknown>>> =
  | Iterable<AudienceMember<Addresses>>
  | AsyncIterable<AudienceMember<Addresses>>
  | Segment
  | Audience

import type { Profile } from './audience.js'
import type { Segment } from './segment.js'

/** Something that a recipient did, as segments count it. */
export interface BookEvent {
  readonly recipient: string
  readonly name: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Told twice, it is kept once: see `Book.record`. */
  readonly id: string
}

export interface BookQuery {
  readonly tenant: string
  readonly segment?: Segment
  /** The instant that `withinMs` counts from. */
  readonly now: number
}

export interface BookPage {
  readonly profiles: readonly Profile[]
  /** An id, given back as `after`; undefined at the end. */
  readonly next: string | undefined
  /**
   * All of these are of the segment. Otherwise the caller judges each: the store left out only who is surely not of it.
   * `widenSegment` says what a store asks that answers some conditions only.
   */
  readonly exact: boolean
}

/**
 * The recipients of an app that has no table of its own, by tenant and id; what they did lately; and lists of ids that
 * audiences are copied into.
 *
 * Promises:
 * - A profile comes back as it was given: JSON, whatever its names and its size. Its texts are well-formed Unicode without
 *   U+0000, which core has looked for. Ids of recipients and of items have 1 to 512 bytes in UTF-8; names of groups, events
 *   and lists, and ids of events, 1 to 256.
 * - `upsert` replaces each recipient whole, in the order given: the last of one id is the one that stays. A call is not
 *   one atomic step, each recipient is: with its groups and zone.
 * - `page` answers in the order of ids, by bytes of UTF-8 (`compareTexts`), behind `after`, which need not be the id of
 *   anybody; each once, however others change meanwhile. A page may be shorter than asked for, or empty, though it is not
 *   the last.
 * - What was upserted, recorded or appended is seen by every later call, of any process.
 * - Tenants share nothing. Ids, names of events and lists are told apart by code points.
 * - `recipients`, `remove`, `events` and `has` take at most 500 ids, `upsert`, `record` and `append` at most 5,000 of
 *   theirs, and a page has at most 5,000 recipients. None of any is no error.
 */
export interface Book {
  readonly specVersion: 1
  upsert(tenant: string, profiles: readonly Profile[]): Promise<void>
  /** With their events; answers how many of these there were. Each id is given once. */
  remove(tenant: string, ids: readonly string[]): Promise<number>
  /** Those that are there, in any order. Each id is given once. */
  recipients(tenant: string, ids: readonly string[]): Promise<readonly Profile[]>
  /** Recipients of a segment, or of all. The segment was parsed by core. `after` is empty at first. */
  page(query: BookQuery, page: { readonly after: string; readonly limit: number }): Promise<BookPage>
  /** How many the segment has, where the store can count them by itself; undefined otherwise. Exact. */
  count(query: BookQuery): Promise<number | undefined>
  /** The zones of all recipients of the tenant, each once in any order, null for who has none. */
  zones(tenant: string): Promise<readonly (string | null)[]>

  /**
   * Keeps events, each for `eventsForMs` of the store at least: 90 days unless told. Unknown recipients may have events too.
   * An event is known by recipient, name and id: of two that are alike in these the first stays.
   */
  record(tenant: string, events: readonly BookEvent[]): Promise<void>
  /** How many events of this name each recipient has, at `since` or later: in the future too. One answer each. */
  events(tenant: string, name: string, recipients: readonly string[], since: number): Promise<readonly number[]>

  /**
   * Writes a chunk of a list in one atomic step; one that is there already is left as it is, with its ids. The chunks of one
   * list are numbered from 0 without gaps, and may be empty. An id may stand in a list more than once.
   */
  append(list: string, chunk: number, items: readonly ListItem[]): Promise<void>
  /** The items of a chunk in their order, or undefined where there is none. */
  chunk(list: string, chunk: number): Promise<readonly ListItem[] | undefined>
  /** Which of these ids stand in a list. One answer each. */
  has(list: string, ids: readonly string[]): Promise<readonly boolean[]>
  /** How many items a list has, those of one id each by itself; 0 where there is no list. */
  size(list: string): Promise<number>
  /** Forgets a list. A list of the same name begins anew. */
  drop(list: string): Promise<void>
}

export interface ListItem {
  readonly id: string
  /** What else is known of it, as JSON text; empty for nothing. */
  readonly text: string
}

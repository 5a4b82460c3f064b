import type { Profile } from './audience.js'
import type { Segment } from './segment.js'

/** Something that a recipient did, as segments count it. */
export interface BookEvent {
  readonly recipient: string
  readonly name: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Told twice, it is kept once. */
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
  /** Given back as `after`; undefined at the end. */
  readonly next: string | undefined
  /** All of these are of the segment. Otherwise the caller judges each: the store left out only what is surely not of it. */
  readonly exact: boolean
}

/**
 * The recipients of an app that has no table of its own, by tenant and id; what they did lately; and lists of ids that
 * audiences are copied into.
 *
 * Promises:
 * - `upsert` replaces each recipient whole, in the order given; a call is not one atomic step, each recipient is.
 * - `page` answers in the order of ids, by code units of UTF-8, behind `after`; each once, however others change meanwhile.
 *   A page may be empty though it is not the last.
 * - `recipients`, `remove` and `has` take at most 500 ids, `upsert`, `record` and `append` at most 5,000 of theirs.
 */
export interface Book {
  readonly specVersion: 1
  upsert(tenant: string, profiles: readonly Profile[]): Promise<void>
  /** With their events; answers how many there were. */
  remove(tenant: string, ids: readonly string[]): Promise<number>
  /** Those that are there, in any order. */
  recipients(tenant: string, ids: readonly string[]): Promise<readonly Profile[]>
  page(query: BookQuery, page: { readonly after: string; readonly limit: number }): Promise<BookPage>
  /** How many the segment has, where the store can count them by itself; undefined otherwise. */
  count(query: BookQuery): Promise<number | undefined>
  /** The zones of all recipients of the tenant, null for who has none. */
  zones(tenant: string): Promise<readonly (string | null)[]>

  /** Keeps events, each for `eventsForMs` of the store at least: 90 days unless told. Unknown recipients may have events too. */
  record(tenant: string, events: readonly BookEvent[]): Promise<void>
  /** How many events of this name each recipient has, not before `since`. One answer each. At most 500 recipients. */
  events(tenant: string, name: string, recipients: readonly string[], since: number): Promise<readonly number[]>

  /**
   * Writes a chunk of a list; one that is there already is left as it is. `chunks` of one list are numbered from 0 without
   * gaps. Each item is JSON text; `id` is what `has` looks for.
   */
  append(list: string, chunk: number, items: readonly ListItem[]): Promise<void>
  /** One chunk, or undefined where there is none. */
  chunk(list: string, chunk: number): Promise<readonly ListItem[] | undefined>
  has(list: string, ids: readonly string[]): Promise<readonly boolean[]>
  /** How many items a list has. */
  size(list: string): Promise<number>
  drop(list: string): Promise<void>
}

export interface ListItem {
  readonly id: string
  /** What else is known of it, as JSON text; empty for nothing. */
  readonly text: string
}

import type { Person } from '../reach/recipient-types.js'
import type { Segment } from '../spec/index.js'

/** A recipient as the book keeps it: replaced whole by each `upsert`. */
export interface BookRecipient<Addresses> extends Person<Addresses> {
  /** Groups and roles: what segments ask for by `group`, and `receivers` by `@` and the name. */
  readonly groups?: readonly string[] | undefined
}

/** A list, or what gives recipients one after another; it is read as they are written, and never held whole. */
export type RecipientSource<Addresses> = Iterable<BookRecipient<Addresses>> | AsyncIterable<BookRecipient<Addresses>>

export interface TenantOption {
  /** Whose recipients, instead of those of `createReach({ tenant })`. */
  readonly tenant?: string | undefined
}

export interface UpsertOptions extends TenantOption {
  /** So many are written at once: 1 to 5,000, and 1,000 unless told. */
  readonly batch?: number | undefined
  /** Told after each batch that was written. What it throws ends the upsert. */
  readonly progress?: ((written: RecipientsUpserted) => void) | undefined
  /** Ends the upsert between two batches; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

export interface RecipientsUpserted {
  /** How many were written so far; one that came twice counts twice. */
  readonly recipients: number
}

export interface RecipientFilter extends TenantOption {
  /** Made by `where`, or JSON of the same words. Everybody where it is left out. */
  readonly segment?: Segment | undefined
}

export interface RecipientList extends RecipientFilter {
  /** Behind this id, in the order of the bytes of ids. */
  readonly after?: string | undefined
  /** 50 unless told, 500 at most. */
  readonly limit?: number | undefined
}

export interface RecipientPage<Addresses> {
  readonly recipients: readonly BookRecipient<Addresses>[]
  /** Given back as `after` for the next page; undefined at the end. A page may be shorter than asked for before that. */
  readonly next: string | undefined
}

/**
 * The recipients that the store keeps, for apps without a table of their own. Where `createReach` has no `directory`, these
 * are who is reached by an id. Everything throws ReachError `REACH_BOOK_MISSING` where the store keeps none.
 */
export interface Recipients<Addresses> {
  /**
   * Writes recipients in batches, in their order, each replaced whole. One batch is read while another is written, so a
   * million takes no more memory than two batches. Safe to repeat.
   * @throws ReachError `REACH_RECIPIENT_INVALID` for the first that is wrong, named by its place (from 0) and its field. The
   * batches before it are written, and nothing of its own.
   */
  readonly upsert: (source: RecipientSource<Addresses>, options?: UpsertOptions) => Promise<RecipientsUpserted>
  /** A recipient, or undefined where there is none of this id. */
  readonly get: (id: string, options?: TenantOption) => Promise<BookRecipient<Addresses> | undefined>
  /** Removes recipients and what is known of what they did; answers how many there were. */
  readonly remove: (ids: string | readonly string[], options?: TenantOption) => Promise<number>
  /** Recipients in the order of the bytes of their ids. @throws ReachError `REACH_SEGMENT_INVALID` */
  readonly list: (filter?: RecipientList) => Promise<RecipientPage<Addresses>>
  /**
   * How many a segment has, or how many there are. Exact: where the store cannot count by itself, all who may be of the
   * segment are read. @throws ReachError `REACH_SEGMENT_INVALID`
   */
  readonly count: (segment?: Segment, options?: TenantOption) => Promise<number>
}

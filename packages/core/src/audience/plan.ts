import type { AudienceItem, Segment } from '../spec/index.js'

/** So many ids or recipients stand in a plan; more are copied into a list. */
export const inlineLimit = 1_000

/**
 * Who a task goes to, as its text keeps it: a tree of plain JSON, from which any process opens the same source.
 */
export type AudiencePlan =
  | IdsPlan
  | RecipientsPlan
  | ListPlan
  | CsvPlan
  | NdjsonPlan
  | SegmentPlan
  | NamedPlan
  | UnionOf<AudiencePlan>
  | IntersectionOf<AudiencePlan>
  | DifferenceOf<AudiencePlan>
  | SampleOf<AudiencePlan>

/** A plan of which some parts have yet to be read, once: files without a stamp, and what is copied into lists. */
export type AudienceDraft =
  | IdsPlan
  | RecipientsPlan
  | SegmentPlan
  | NamedPlan
  | UnreadFile
  | UncopiedItems
  | UnionOf<AudienceDraft>
  | IntersectionOf<AudienceDraft>
  | DifferenceOf<AudienceDraft>
  | SampleOf<AudienceDraft>

/** Ids that the directory knows. */
export interface IdsPlan {
  readonly kind: 'ids'
  readonly ids: readonly string[]
}

/** Recipients that are given whole, among them perhaps ids. */
interface RecipientsPlan {
  readonly kind: 'recipients'
  readonly items: readonly AudienceItem[]
}

/** What was copied into a list of the book. */
export interface ListPlan {
  readonly kind: 'list'
  readonly list: string
  readonly size: number
}

/** A rule over the book's recipients. */
export interface SegmentPlan {
  readonly kind: 'segment'
  readonly segment: Segment
}

/** A source that every process registers under the same name, with its arguments. */
export interface NamedPlan {
  readonly kind: 'named'
  readonly name: string
  /** JSON, not yet seen by the audience's schema. */
  readonly args: unknown
}

export type FileEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'

/** What each column of a file is. */
export interface ColumnRoles {
  readonly id?: string | undefined
  /** Columns that hold addresses, by channel. */
  readonly address?: Readonly<Record<string, string>> | undefined
  readonly zone?: string | undefined
  readonly locale?: string | undefined
}

/** What a file was when its plan was made. */
export interface FileStamp {
  readonly size: number
  /** Tells only whether to hash again. */
  readonly mtimeMs: number
  readonly sha256: string
}

interface FilePlanOf<Kind extends 'csv' | 'ndjson'> {
  readonly kind: Kind
  readonly path: string
  readonly stamp: FileStamp
  readonly encoding: FileEncoding
  readonly roles: ColumnRoles
  /** Where the first record begins: behind a byte order mark and a header row. */
  readonly start: { readonly offset: number; readonly line: number }
}

export interface CsvPlan extends FilePlanOf<'csv'> {
  readonly delimiter: string
  /** Empty for one that has no name. */
  readonly columns: readonly string[]
}

type NdjsonPlan = FilePlanOf<'ndjson'>
export type FilePlan = CsvPlan | NdjsonPlan

/** What `csv` and `ndjson` were told of a file that nobody has looked into yet. */
export interface UnreadFile {
  readonly kind: 'unread-file'
  readonly format: 'csv' | 'ndjson'
  readonly path: string
  readonly encoding?: FileEncoding | undefined
  readonly roles: ColumnRoles
  readonly delimiter?: string | undefined
  readonly columns?: readonly string[] | undefined
}

/** More than a plan keeps, or a stream that can be read only once. */
export interface UncopiedItems {
  readonly kind: 'uncopied'
  readonly items: Iterable<unknown> | AsyncIterable<unknown>
  /** Where it stands, for errors: `audience.of[0]`. */
  readonly where: string
}

/** One after the other. */
export interface UnionOf<Part> {
  readonly kind: 'union'
  readonly of: readonly Part[]
}

/** Who is in all of them, in the order of the first. */
export interface IntersectionOf<Part> {
  readonly kind: 'intersection'
  readonly of: readonly Part[]
}

export interface DifferenceOf<Part> {
  readonly kind: 'difference'
  readonly of: Part
  readonly without: Part
}

/** Some of them, by a hash of seed and id. */
export interface SampleOf<Part> {
  readonly kind: 'sample'
  readonly of: Part
  readonly seed: string
  /** Above 0, at most 1. One of both is given. */
  readonly share?: number | undefined
  readonly size?: number | undefined
}

import { OptionReader, describeKind } from '../options/index.js'
import { parseSegment, segmentPage } from '../segment/index.js'
import { ReachError } from '../spec/index.js'
import type { Book, BookQuery, History, Profile } from '../spec/index.js'

const idsAtOnce = 500
const readAtOnce = 1_000
/** After so many pages of a book, a list is answered though it is not full, so that a rare segment is not read through at once. */
const pagesOfList = 20
const mostListed = 500

/** What is read of. */
export interface Shelf {
  readonly book: Book
  readonly history: Pick<History, 'received'>
}

export interface ListPlan {
  readonly segment: BookQuery['segment']
  readonly tenant: string | undefined
  readonly after: string
  readonly limit: number
}

/** @throws ReachError `REACH_OPTION_INVALID`, `REACH_SEGMENT_INVALID` */
export function parseList(filter: unknown): ListPlan {
  const reader = new OptionReader('REACH_OPTION_INVALID', 'list()', filter, ['segment', 'tenant', 'after', 'limit'])
  const segment = reader.raw('segment')
  return {
    segment: segment === undefined ? undefined : parseSegment(segment),
    tenant: reader.text('tenant'),
    after: reader.text('after') ?? '',
    limit: Math.min(reader.whole('limit', 1) ?? 50, mostListed),
  }
}

export function parseTenant(call: string, options: unknown): string | undefined {
  return new OptionReader('REACH_OPTION_INVALID', call, options, ['tenant']).text('tenant')
}

/** Ids as they came from a caller, each once. @throws ReachError `REACH_OPTION_INVALID` */
export function parseIds(call: string, ids: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(ids) ? ids : [ids]
  return [...new Set(all.map((id) => parseId(call, id)))]
}

/** @throws ReachError `REACH_OPTION_INVALID` */
export function parseId(call: string, id: unknown): string {
  if (typeof id === 'string' && id !== '') return id
  throw new ReachError(
    'REACH_OPTION_INVALID',
    `${call}: the id of a recipient is a string, and was ${describeKind(id)}.`,
  )
}

export async function removeAll(book: Book, tenant: string, ids: readonly string[]): Promise<number> {
  let removed = 0
  for (let start = 0; start < ids.length; start += idsAtOnce)
    removed += await book.remove(tenant, ids.slice(start, start + idsAtOnce))
  return removed
}

/** Recipients of a query, until there are enough, it is at its end, or it has read enough for one call. */
export async function listPage(
  { book, history }: Shelf,
  query: BookQuery,
  { after, limit }: ListPlan,
): Promise<{ readonly recipients: readonly Profile[]; readonly next: string | undefined }> {
  const recipients: Profile[] = []
  let next: string | undefined = after
  for (let read = 0; next !== undefined && read < pagesOfList; read += 1) {
    const page = await segmentPage(book, history, query, { after: next, limit: read === 0 ? limit : readAtOnce })
    next = page.next
    const room = limit - recipients.length
    recipients.push(...page.profiles.slice(0, room))
    if (page.profiles.length > room) next = recipients.at(-1)?.id
    if (recipients.length === limit) break
  }
  return { recipients, next }
}

/** Exact: by the store where it counts, else by reading all who may be of the segment. */
export async function countAll({ book, history }: Shelf, query: BookQuery): Promise<number> {
  const counted = await book.count(query)
  if (counted !== undefined) return counted
  let count = 0
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = await segmentPage(book, history, query, { after, limit: readAtOnce })
    count += page.profiles.length
    after = page.next
  }
  return count
}

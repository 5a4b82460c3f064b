import type { Book, BookPage, BookQuery, History } from '../spec/index.js'
import { judgeSegment } from './judge-segment.js'
import { segmentFacts } from './segment-facts.js'

/** So many are judged at once. */
const judgedAtOnce = 500

/** A page of a book without those who are not of the segment, whoever found that out: `exact` is always true. */
export async function segmentPage(
  book: Book,
  history: Pick<History, 'received'>,
  query: BookQuery,
  page: { readonly after: string; readonly limit: number },
): Promise<BookPage> {
  const found = await book.page(query, page)
  const { segment, tenant, now } = query
  if (found.exact || segment === undefined) return found
  const facts = segmentFacts(tenant, now, book, history)
  const profiles = []
  for (let start = 0; start < found.profiles.length; start += judgedAtOnce) {
    const part = found.profiles.slice(start, start + judgedAtOnce)
    const answers = await judgeSegment(segment, part, facts)
    profiles.push(...part.filter((_, index) => answers[index] === true))
  }
  return { profiles, next: found.next, exact: true }
}

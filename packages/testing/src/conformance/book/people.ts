import assert from 'node:assert/strict'
import { judgeSegment, segmentFacts } from '@reachkit/core'
import { compareTexts } from '@reachkit/core/spec'
import type { BookPage, Profile, Segment } from '@reachkit/core/spec'
import type { BookSubject } from '../subject.js'

export const tenant = 'acme'

export function person(id: string, over: Partial<Profile> = {}): Profile {
  return { id, addresses: { email: `${id}@example.com` }, ...over }
}

export interface Asked {
  readonly segment?: Segment
  readonly now?: number
  readonly tenant?: string
  readonly limit?: number
}

/** Those of a segment, read by pages to the end, as whoever reads a book does: judged here where the store did not. */
export async function selected(subject: BookSubject, asked: Asked = {}): Promise<readonly Profile[]> {
  const found: Profile[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const { profiles, next } = await nextPage(subject, after, asked)
    found.push(...profiles)
    assert(next === undefined || compareTexts(next, after) > 0, 'each page goes on behind the one before')
    after = next
  }
  return found
}

/** One page, without those who are not of the segment. */
export async function nextPage(subject: BookSubject, after: string, asked: Asked = {}): Promise<BookPage> {
  const { segment, now = 0, limit = 100 } = asked
  const query = { tenant: asked.tenant ?? tenant, now, ...(segment && { segment }) }
  const page = await subject.book.page(query, { after, limit })
  assert(page.profiles.length <= limit, 'no more than the limit')
  if (page.exact || segment === undefined) return page
  const facts = segmentFacts(query.tenant, now, subject.book, subject.history)
  const answers = await judgeSegment(segment, page.profiles, facts)
  return { ...page, profiles: page.profiles.filter((_, index) => answers[index] === true) }
}

/** Their ids, and that the store counts as many, where it counts. */
export async function idsOf(subject: BookSubject, asked: Asked = {}): Promise<readonly string[]> {
  const ids = (await selected(subject, asked)).map(({ id }) => id)
  const { segment, now = 0 } = asked
  const count = await subject.book.count({ tenant: asked.tenant ?? tenant, now, ...(segment && { segment }) })
  if (count !== undefined) assert.equal(count, ids.length, `count of ${JSON.stringify(segment)}`)
  return ids
}

/** In the order in which a book answers. */
export function inOrder(ids: readonly string[]): readonly string[] {
  return ids.toSorted(compareTexts)
}

/** A profile as JSON has it: what is undefined is not there. */
export function plain(profile: Profile | undefined): unknown {
  return profile && JSON.parse(JSON.stringify(profile))
}

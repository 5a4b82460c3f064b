import { judgeSegment, segmentFacts } from '@reachkit/core'
import type { Book, BookPage, BookQuery, Profile, Segment } from '@reachkit/core/spec'
import type { BookSubject } from '../src/conformance/index.js'

/** A store that keeps profiles, or reads segments, in a way of its own, and believes that its answers are exact. */
export interface Reading {
  readonly profile?: (profile: Profile) => Profile
  readonly segment?: (segment: Segment) => Segment
}

/** Judges by such a reading in place of the real store. */
export function readingAs({ history, book }: BookSubject, { profile, segment }: Reading): Partial<Book> {
  const judged = async (query: BookQuery, page: { after: string; limit: number }): Promise<BookPage> => {
    const { segment: asked, ...all } = query
    const looked = await book.page(all, page)
    if (asked === undefined) return looked
    const profiles = profile === undefined ? looked.profiles : looked.profiles.map(profile)
    const facts = segmentFacts(query.tenant, query.now, book, history)
    const answers = await judgeSegment(segment === undefined ? asked : segment(asked), profiles, facts)
    return { ...looked, profiles: looked.profiles.filter((_, index) => answers[index] === true) }
  }
  return { page: judged, count: async () => undefined }
}

/** Changes every scalar of the attributes. */
export function scalars(change: (value: unknown) => unknown): (profile: Profile) => Profile {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return change(value)
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, walk(field)]))
  }
  return (profile) => ({ ...profile, attributes: walk(profile.attributes ?? {}) as Record<string, unknown> })
}

/** Changes every part of a tree, the inner ones first. */
export function parts(change: (part: Segment) => Segment): (segment: Segment) => Segment {
  const walk = (part: Segment): Segment => {
    if ('all' in part) return change({ all: part.all.map(walk) })
    if ('any' in part) return change({ any: part.any.map(walk) })
    return change('not' in part ? { not: walk(part.not) } : part)
  }
  return walk
}

/** Changes every value that an attribute is compared with. */
export function bounds(change: (value: unknown) => unknown): (segment: Segment) => Segment {
  return parts((part) => {
    if (!('attribute' in part)) return part
    const { attribute, of, exists, ...comparisons } = part
    const changed = Object.entries(comparisons).map(([name, bound]) => [
      name,
      Array.isArray(bound) ? bound.map(change) : change(bound),
    ])
    const own = { attribute, ...(of && { of }), ...(exists !== undefined && { exists }) }
    return { ...own, ...Object.fromEntries(changed) }
  })
}

/** Both sides of a comparison, read in the same wrong way. */
export function both(change: (value: unknown) => unknown): Reading {
  return { profile: scalars(change), segment: bounds(change) }
}

export function texts(change: (text: string) => string): (value: unknown) => unknown {
  return (value) => (typeof value === 'string' ? change(value) : value)
}

import type { Book, ListItem, Profile, Segment } from '@reachkit/core/spec'

export interface FakeBookOptions {
  readonly profiles?: readonly Profile[]
  /** What the store answers by itself; otherwise it leaves all to the judge. */
  readonly exact?: (segment: Segment, profile: Profile) => boolean
}

export interface FakeBook extends Book {
  readonly lists: ReadonlyMap<string, (readonly ListItem[])[]>
  readonly queries: { readonly segment: Segment | undefined; readonly now: number }[]
}

/** A book of arrays, which refuses what the contract does not allow. */
export function fakeBook({ profiles = [], exact }: FakeBookOptions = {}): FakeBook {
  const lists = new Map<string, (readonly ListItem[])[]>()
  const queries: FakeBook['queries'] = []
  const sorted = profiles.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const itemsOf = (list: string): readonly ListItem[] => (lists.get(list) ?? []).flat()
  return {
    specVersion: 1,
    lists,
    queries,
    upsert: async () => {},
    remove: async () => 0,
    recipients: async (_, ids) => {
      assertAtMost(500, ids)
      if (new Set(ids).size < ids.length) throw new Error('an id was given twice')
      return sorted.filter(({ id }) => ids.includes(id)).toReversed()
    },
    page: async ({ segment, now }, { after, limit }) => {
      queries.push({ segment, now })
      const behind = sorted.filter(({ id }) => id > after)
      const page = behind.slice(0, limit)
      const next = behind.length > limit ? page.at(-1)?.id : undefined
      if (exact === undefined || segment === undefined) return { profiles: page, next, exact: false }
      return { profiles: page.filter((profile) => exact(segment, profile)), next, exact: true }
    },
    count: async ({ segment }) =>
      exact === undefined || segment === undefined
        ? undefined
        : sorted.filter((profile) => exact(segment, profile)).length,
    zones: async () => [...new Set(sorted.map(({ zone }) => zone ?? null))],
    record: async () => {},
    events: async (_tenant, _name, recipients) => recipients.map(() => 0),
    append: async (list, chunk, items) => {
      assertAtMost(5_000, items)
      const chunks = lists.get(list) ?? []
      if (chunk > chunks.length) throw new Error('a gap between chunks')
      if (chunk === chunks.length) lists.set(list, [...chunks, items])
    },
    chunk: async (list, chunk) => lists.get(list)?.[chunk],
    has: async (list, ids) => {
      assertAtMost(500, ids)
      const known = new Set(itemsOf(list).map(({ id }) => id))
      return ids.map((id) => known.has(id))
    },
    size: async (list) => itemsOf(list).length,
    drop: async (list) => {
      lists.delete(list)
    },
  }
}

function assertAtMost(most: number, given: readonly unknown[]): void {
  if (given.length > most) throw new Error(`${given.length} at once`)
}

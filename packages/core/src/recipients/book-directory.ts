import type { Book, Directory, Segment } from '../spec/index.js'

const readAtOnce = 1_000
/** A segment has at most 200 parts. */
const groupsAtOnce = 100

/** The recipients of a book as who is reached by an id, with the members of their groups. */
export function bookDirectory(book: Book): Required<Directory> {
  return {
    recipients: async (ids, { tenant }) => book.recipients(tenant, ids),
    async members(groups, { tenant, signal }) {
      const members = new Set<string>()
      for (let start = 0; start < groups.length; start += groupsAtOnce) {
        const asked = new Set(groups.slice(start, start + groupsAtOnce))
        const segment: Segment = { any: [...asked].map((group) => ({ group })) }
        for (let after: string | undefined = ''; after !== undefined; ) {
          signal.throwIfAborted()
          const page = await book.page({ tenant, segment, now: 0 }, { after, limit: readAtOnce })
          // Whoever the store could not tell from the others is told apart here.
          for (const { id, groups: own } of page.profiles)
            if (own?.some((group) => asked.has(group)) === true) members.add(id)
          after = page.next
        }
      }
      return [...members]
    },
  }
}

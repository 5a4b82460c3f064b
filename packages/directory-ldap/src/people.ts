import type { Directory, DirectoryContext, Recipient } from '@reachkit/core/spec'
import type { Connections } from './connections.js'
import { type Entry, valuesOf } from './entry.js'
import { membersOf } from './members.js'
import type { LdapSettings } from './options.js'
import { allOf, mostValues, oneOf, searchAll } from './search.js'

/** People by one of the values of their id attribute, exactly as it is written; an id that two entries have is nobody's. */
export function peopleOf(settings: LdapSettings, connections: Connections): Directory {
  const { base, filter, attributes, groups } = settings
  async function recipients(ids: readonly string[], { signal }: DirectoryContext): Promise<readonly Recipient[]> {
    const entries = await connections.use(async (client) => {
      const found: Entry[] = []
      for (let start = 0; start < ids.length; start += mostValues) {
        const wanted = allOf(filter, oneOf(attributes.id, ids.slice(start, start + mostValues)))
        found.push(...(await searchAll(client, base, wanted, attributes.all)))
      }
      return found
    }, signal)
    return [...byId(entries, attributes.id, new Set(ids))].map(([id, entry]) => attributes.read(entry, id))
  }
  return {
    recipients,
    ...(groups !== undefined && {
      members: async (names: readonly string[], { signal }: DirectoryContext) =>
        connections.use((client) => membersOf(client, settings, groups, names), signal),
    }),
  }
}

/** The same entry may have come by two of its ids. */
function byId(entries: readonly Entry[], attribute: string, asked: ReadonlySet<string>): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>()
  const doubtful = new Set<string>()
  for (const entry of entries) {
    for (const id of valuesOf(entry, attribute)) {
      if (!asked.has(id)) continue
      if (found.has(id) && found.get(id)?.dn !== entry.dn) doubtful.add(id)
      found.set(id, entry)
    }
  }
  for (const id of doubtful) found.delete(id)
  return found
}

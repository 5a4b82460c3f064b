import { type Client, ExtensibleFilter, type Filter, OrFilter } from 'ldapts'
import { type Entry, firstOf, valuesOf } from './entry.js'
import type { GroupSettings } from './group-options.js'
import type { LdapSettings } from './options.js'
import { allOf, mostValues, oneOf, searchAll } from './search.js'

/** LDAP_MATCHING_RULE_IN_CHAIN of Active Directory: groups within groups too. */
const inChain = '1.2.840.113556.1.4.1941'

/** The ids of the people behind groups, by the names of these. */
export async function membersOf(
  client: Client,
  settings: LdapSettings,
  groups: GroupSettings,
  names: readonly string[],
): Promise<readonly string[]> {
  const found: Entry[] = []
  for (const part of partsOf(names)) {
    const wanted = allOf(groups.filter, oneOf(groups.name, part))
    found.push(...(await searchAll(client, groups.base, wanted, [groups.name, listIn(groups)])))
  }
  if (groups.members === 'memberUid') return unique(found.flatMap((group) => valuesOf(group, 'memberUid')))
  const isListed = groups.members === 'member'
  const dns = unique(found.flatMap((group) => (isListed ? valuesOf(group, 'member') : [group.dn])))
  return peopleBy(client, settings, dns, (part) => filterOf(groups, part))
}

function listIn({ members }: GroupSettings): string {
  return members === 'memberUid' || members === 'member' ? members : '1.1'
}

/** Who is in one of these groups; where the group lists its people, who has one of these names. */
export function filterOf({ members }: Pick<GroupSettings, 'members'>, dns: readonly string[]): Filter {
  if (members === 'member') {
    // RFC 5020; Active Directory calls it by another name.
    return new OrFilter({ filters: [oneOf('entryDN', dns), oneOf('distinguishedName', dns)] })
  }
  if (members === 'memberOf') return oneOf('memberOf', dns)
  const filters = dns.map((value) => new ExtensibleFilter({ matchType: 'memberOf', rule: inChain, value }))
  return new OrFilter({ filters })
}

async function peopleBy(
  client: Client,
  { base, filter, attributes }: LdapSettings,
  dns: readonly string[],
  by: (dns: readonly string[]) => Filter,
): Promise<readonly string[]> {
  const ids: string[] = []
  for (const part of partsOf(dns)) {
    const entries = await searchAll(client, base, allOf(filter, by(part)), [attributes.id])
    ids.push(...entries.flatMap((entry) => firstOf(entry, attributes.id) ?? []))
  }
  return unique(ids)
}

function partsOf(values: readonly string[]): readonly (readonly string[])[] {
  const parts: (readonly string[])[] = []
  for (let start = 0; start < values.length; start += mostValues) parts.push(values.slice(start, start + mostValues))
  return parts
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}

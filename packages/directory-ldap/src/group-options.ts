import { OptionReader } from '@reachkit/driver-kit'
import type { Filter } from 'ldapts'
import { attributeName } from './attribute-name.js'
import { parseFilter } from './ldap-filter.js'

/**
 * How a group tells its members:
 * - `memberOf`: people carry the names of their groups (OpenLDAP with the overlay memberof, Active Directory);
 * - `nested`: the same, with the groups within groups, by LDAP_MATCHING_RULE_IN_CHAIN of Active Directory;
 * - `member`: the group lists its people, and no groups;
 * - `memberUid`: the group lists their ids (RFC 2307).
 */
export type GroupMembers = 'memberOf' | 'nested' | 'member' | 'memberUid'

export interface LdapGroups {
  /** Below which groups are. */
  readonly base: string
  /** Which of the entries there are groups. Default `(objectClass=groupOfNames)`. */
  readonly filter?: string
  /** The attribute that `receivers` name a group by. Default `cn`. */
  readonly name?: string
  /** Default `memberOf`. */
  readonly members?: GroupMembers
}

export interface GroupSettings {
  readonly base: string
  readonly filter: Filter
  readonly name: string
  readonly members: GroupMembers
}

const kinds: readonly GroupMembers[] = ['memberOf', 'nested', 'member', 'memberUid']

export function readGroups(given: LdapGroups | undefined): GroupSettings | undefined {
  if (given === undefined) return undefined
  const options = new OptionReader('ldap groups', given, ['base', 'filter', 'name', 'members'])
  return {
    base: options.required(options.text('base'), 'base'),
    filter: parseFilter('ldap groups: filter', options.text('filter') ?? '(objectClass=groupOfNames)'),
    name: attributeName('groups.name', options.text('name') ?? 'cn'),
    members: options.read('members', isMembers, `one of ${kinds.join(', ')}`) ?? 'memberOf',
  }
}

function isMembers(value: unknown): value is GroupMembers {
  return kinds.some((kind) => kind === value)
}

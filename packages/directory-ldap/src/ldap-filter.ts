import { ReachError } from '@reachkit/core/spec'
import { type Filter, escapeFilter, FilterParser } from 'ldapts'

/** A filter of LDAP (RFC 4515) whose values are escaped. */
export interface LdapFilter {
  readonly text: string
}

const made = new WeakSet<object>()

/** A filter with its values escaped: ``ldapFilter`(&(ou=${department})(l=${city}))` ``. */
export function ldapFilter(text: TemplateStringsArray, ...values: readonly (string | number)[]): LdapFilter {
  const filter = { text: escapeFilter(text, ...values.map(String)) }
  made.add(filter)
  return filter
}

/** Only what `ldapFilter` made: text that a function has put together may have values of somebody else in it. */
export function isLdapFilter(value: unknown): value is LdapFilter {
  return typeof value === 'object' && value !== null && made.has(value)
}

/** @throws ReachError `REACH_OPTION_INVALID` where it is no filter. */
export function parseFilter(place: string, text: string): Filter {
  try {
    return FilterParser.parseString(text)
  } catch {
    throw new ReachError('REACH_OPTION_INVALID', `${place} must be a filter of LDAP, such as (objectClass=person)`)
  }
}

import { ReachError } from '@reachkit/core/spec'

/** The name of an attribute, or its OID (RFC 4512): it stands in filters as it is. */
export function attributeName(place: string, name: unknown): string {
  if (typeof name === 'string' && /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9-]+)*$/.test(name)) return name
  throw new ReachError('REACH_OPTION_INVALID', `ldap: ${place} must be the name of an attribute`)
}

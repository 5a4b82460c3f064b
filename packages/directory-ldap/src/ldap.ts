import { guarded } from '@reachkit/core/directory'
import type { Directory } from '@reachkit/core/spec'
import { createLdapAudience, type LdapAudience } from './audience.js'
import { Connections } from './connections.js'
import { type LdapOptions, readLdapOptions } from './options.js'
import { peopleOf } from './people.js'

/** The people of an LDAP server: a directory, and audiences by filters. */
export interface LdapPeople {
  readonly directory: Directory
  readonly audience: LdapAudience
  /** Ends its connections. */
  close(): Promise<void>
}

/**
 * People of an LDAP server or of Active Directory, read by searches and never copied.
 * @throws ReachError `REACH_OPTION_INVALID` naming the field that is wrong.
 */
export function ldap(options: LdapOptions): LdapPeople {
  const settings = readLdapOptions(options)
  const connections = new Connections(settings)
  return {
    directory: guarded(peopleOf(settings, connections), settings.guard),
    audience: createLdapAudience(settings, connections),
    close: async () => connections.close(),
  }
}

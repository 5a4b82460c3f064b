import {
  createGuard,
  type Guard,
  type GuardOptions,
  guardOptionNames,
  pickGuardOptions,
} from '@reachkit/core/directory'
import { OptionReader, type ReadSecret, readSecret, type Secret } from '@reachkit/driver-kit'
import type { Filter } from 'ldapts'
import { type LdapAttributes, type ReadAttributes, readAttributes } from './attributes.js'
import { type GroupSettings, type LdapGroups, readGroups } from './group-options.js'
import { parseFilter } from './ldap-filter.js'
import { type KeyKind, readKey } from './key-kinds.js'

export interface LdapOptions extends GuardOptions {
  /** `ldaps://ldap.example`, or `ldap://` with `startTls`. */
  readonly url: string
  /** Goes over to TLS before anything is said. */
  readonly startTls?: boolean
  /** The certificates to trust in place of those of Node, PEM. */
  readonly ca?: string
  /** Takes a password over `ldap://` without TLS, to another machine too: everybody on the way reads it. */
  readonly insecure?: boolean
  /** As whom it reads; nobody where it is left out. */
  readonly bind?: { readonly dn: string; readonly password: Secret }
  /** Below which people are: `ou=people,dc=example,dc=org`. */
  readonly base: string
  /** Who of them counts. Default `(objectClass=person)`. */
  readonly filter?: string
  readonly attributes: LdapAttributes
  /** Where groups are, for `receivers`. */
  readonly groups?: LdapGroups
  /**
   * The attribute that audiences are read along: unique, never changed, comparable by `>=` and indexed. Default `entryUUID`,
   * a UUID (OpenLDAP, 389 Directory Server); `uSNCreated`, a whole number, for Active Directory, with the url of one
   * domain controller.
   */
  readonly key?: { readonly attribute: string; readonly kind: KeyKind }
}

/** `LdapOptions`, checked. */
export interface LdapSettings {
  readonly url: string
  readonly hostname: string
  readonly startTls: boolean
  readonly ca: string | undefined
  readonly bind: { readonly dn: string; readonly password: ReadSecret } | undefined
  readonly base: string
  readonly filter: Filter
  readonly attributes: ReadAttributes
  readonly groups: GroupSettings | undefined
  readonly key: { readonly attribute: string; readonly kind: KeyKind }
  readonly guard: Guard
}

const own = ['url', 'startTls', 'ca', 'insecure', 'bind', 'base', 'filter', 'attributes', 'groups', 'key']

/** @throws ReachError `REACH_OPTION_INVALID` naming the field that is wrong. */
export function readLdapOptions(given: LdapOptions): LdapSettings {
  const options = new OptionReader('ldap', given, [...own, ...guardOptionNames])
  const { url, hostname, isSecure } = readUrl(options)
  const startTls = options.flag('startTls') ?? false
  if (startTls && isSecure) options.refuse('startTls', 'left out where the url is ldaps:')
  const bind = options.has('bind') ? readBind(options) : undefined
  const isOpen = !isSecure && !startTls && !isLoopback(hostname)
  if (bind !== undefined && isOpen && options.flag('insecure') !== true) {
    options.refuse('url', 'ldaps:, or startTls set: the password would go over the network as it is')
  }
  return {
    url,
    hostname,
    startTls,
    ca: options.read('ca', isPem, 'certificates as PEM'),
    bind,
    base: options.required(options.text('base'), 'base'),
    filter: parseFilter('ldap: filter', options.text('filter') ?? '(objectClass=person)'),
    attributes: readAttributes(given.attributes),
    groups: readGroups(given.groups),
    key: readKey(options.has('key') ? options.inner('key', ['attribute', 'kind']) : undefined),
    guard: createGuard(pickGuardOptions(given)),
  }
}

function readBind(options: OptionReader): { dn: string; password: ReadSecret } {
  const bind = options.inner('bind', ['dn', 'password'])
  return { dn: bind.required(bind.text('dn'), 'dn'), password: readSecret(bind, 'password') }
}

function readUrl(options: OptionReader): { url: string; hostname: string; isSecure: boolean } {
  const allowed = 'ldaps://host or ldap://host, with a port where it is another one, and no user in it'
  const text = options.required(options.text('url'), 'url')
  const url = URL.canParse(text) ? new URL(text) : options.refuse('url', allowed)
  if (!/^ldaps?:$/.test(url.protocol) || url.hostname === '' || url.username !== '') options.refuse('url', allowed)
  return { url: text, hostname: url.hostname.replace(/^\[|\]$/g, ''), isSecure: url.protocol === 'ldaps:' }
}

function isPem(value: unknown): value is string {
  return typeof value === 'string' && value.includes('-----BEGIN CERTIFICATE-----')
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '::1' || /^127(?:\.\d+){3}$/.test(hostname)
}

import { type Recipient, ReachError, shownName } from '@reachkit/core/spec'
import { attributeName } from './attribute-name.js'
import { type Entry, firstOf, valuesOf } from './entry.js'

/** Which attribute says what. Whatever else is named is an address, by its channel: `{ id: 'uid', email: 'mail' }`. */
export interface LdapAttributes {
  readonly id: string
  /** `preferredLanguage`. */
  readonly locale?: string
  /** An IANA time zone: LDAP knows no attribute for it. */
  readonly zone?: string
  /** What segments and contents may read, under its own name; a list where there are several values. */
  readonly attributes?: readonly string[]
  readonly [channel: string]: string | readonly string[] | undefined
}

export interface ReadAttributes {
  readonly id: string
  readonly locale: string | undefined
  readonly zone: string | undefined
  /** All that a search of people asks for. */
  readonly all: readonly string[]
  /** The recipient of an entry, under one of its ids. */
  read(entry: Entry, id: string): Recipient
}

const reserved: ReadonlySet<string> = new Set(['id', 'locale', 'zone', 'attributes'])

/** @throws ReachError `REACH_OPTION_INVALID` naming the field that is wrong. */
export function readAttributes(given: unknown): ReadAttributes {
  if (typeof given !== 'object' || given === null) {
    throw new ReachError('REACH_OPTION_INVALID', "ldap: attributes must be given, such as { id: 'uid', email: 'mail' }")
  }
  const fields = new Map(Object.entries(given).filter(([, name]) => name !== undefined))
  const named = (field: string): string | undefined =>
    fields.has(field) ? attributeName(`attributes.${field}`, fields.get(field)) : undefined
  const id = attributeName('attributes.id', fields.get('id'))
  const [locale, zone] = [named('locale'), named('zone')]
  const others = readNames(fields.get('attributes') ?? [])
  const addresses = [...fields]
    .filter(([field]) => !reserved.has(field))
    .map(([field, name]) => [field, attributeName(`attributes.${shownName(field)}`, name)] as const)
  const all = [id, locale, zone, ...others, ...addresses.map(([, name]) => name)]
  return {
    id,
    locale,
    zone,
    all: [...new Set(all.filter((name) => name !== undefined))],
    read(entry, found) {
      const [itsLocale, itsZone] = [localeOf(entry, locale), zone === undefined ? undefined : firstOf(entry, zone)]
      return {
        id: found,
        addresses: present(addresses.map(([field, name]) => [field, firstOf(entry, name)])),
        ...(itsLocale !== undefined && { locale: itsLocale }),
        ...(itsZone !== undefined && { zone: itsZone }),
        ...(others.length > 0 && { attributes: columnsOf(entry, others) }),
      }
    },
  }
}

/** Attributes by their names: a text, or a list of texts where there are several. */
export function columnsOf(entry: Entry, names: readonly string[]): Record<string, unknown> {
  return present(
    names.map((name) => {
      const values = valuesOf(entry, name)
      return [name, values.length > 1 ? values : values[0]]
    }),
  )
}

/** The first of a list of preferences: `de, en-gb;q=0.8` (RFC 2798, 2.7). */
export function localeOf(entry: Entry, attribute: string | undefined): string | undefined {
  const text = attribute === undefined ? undefined : firstOf(entry, attribute)
  const first = text?.split(/[,;]/)[0]?.trim()
  return first === '' ? undefined : first
}

function readNames(names: unknown): readonly string[] {
  if (Array.isArray(names)) return names.map((name) => attributeName('attributes.attributes', name))
  throw new ReachError('REACH_OPTION_INVALID', 'ldap: attributes.attributes must be a list of attributes')
}

function present(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

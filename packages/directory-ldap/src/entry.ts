import type { Entry as LdapEntry } from 'ldapts'

export type Entry = LdapEntry

/** The texts of an attribute, whatever case its name comes in; bytes that are no text are left out. */
export function valuesOf(entry: Entry, attribute: string): readonly string[] {
  const value = entry[attribute] ?? entry[nameIn(entry, attribute)]
  if (value === undefined) return []
  const list: readonly (string | Buffer)[] = Array.isArray(value) ? value : [value]
  return list.filter((one): one is string => typeof one === 'string' && one !== '')
}

export function firstOf(entry: Entry, attribute: string): string | undefined {
  return valuesOf(entry, attribute)[0]
}

function nameIn(entry: Entry, attribute: string): string {
  const wanted = attribute.toLowerCase()
  return Object.keys(entry).find((name) => name.toLowerCase() === wanted) ?? attribute
}

import { type Recipient, ReachError, shownName } from '@reachkit/core/spec'
import { sql } from 'kysely'
import type { Bound } from './bound.js'
import { columnName } from './names.js'
import type { Row } from './reader.js'
import { idText, plainValue } from './row-values.js'

/** Which column says what. Whatever else is named is an address, by its channel: `{ id: 'id', email: 'mail', sms: 'phone' }`. */
export interface DirectoryColumns {
  readonly id: string
  readonly locale?: string
  /** An IANA time zone. */
  readonly zone?: string
  /** A column of JSON: a list of objects. */
  readonly devices?: string
  /** Columns by the name of the attribute, or their names. */
  readonly attributes?: readonly string[] | Readonly<Record<string, string>>
  readonly [channel: string]: string | readonly string[] | Readonly<Record<string, string>> | undefined
}

/** The columns of a directory, checked. */
export interface ReadColumns {
  readonly id: string
  /** For a SELECT. */
  readonly list: Bound
  /** The recipient of a row; undefined where it has no id. */
  read(row: Row): Recipient | undefined
}

const known: ReadonlySet<string> = new Set(['id', 'locale', 'zone', 'devices', 'attributes'])

/** @throws ReachError `REACH_OPTION_INVALID` naming the field that is wrong. */
export function readDirectoryColumns(columns: unknown): ReadColumns {
  if (typeof columns !== 'object' || columns === null) refuse('columns', 'an object of names of columns')
  const given = columns as Readonly<Record<string, unknown>>
  const attributes = readAttributes(given['attributes'])
  const texts = Object.entries(given).flatMap(([field, name]) =>
    field === 'attributes' || name === undefined ? [] : [[field, columnOf(field, name)] as const],
  )
  const id = columnOf('id', given['id'])
  const addresses = texts.filter(([field]) => !known.has(field))
  const { locale, zone, devices } = Object.fromEntries(texts.filter(([field]) => known.has(field)))
  const all = [...new Set([...texts, ...attributes].map(([, name]) => name))]
  return {
    id,
    list: sql.join(all.map(columnName)),
    read(row) {
      const found = idText(row[id])
      if (found === undefined) return undefined
      return {
        id: found,
        addresses: valuesOf(row, addresses),
        ...textField('locale', locale, row),
        ...textField('zone', zone, row),
        ...(attributes.length > 0 && { attributes: valuesOf(row, attributes) }),
        ...(devices !== undefined && { devices: devicesOf(plainValue(row[devices])) }),
      }
    },
  }
}

function valuesOf(row: Row, fields: readonly (readonly [string, string])[]): Record<string, unknown> {
  const entries = fields.map(([field, name]) => [field, plainValue(row[name])] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== undefined && value !== ''))
}

function textField(field: string, name: string | undefined, row: Row): object {
  const value = name === undefined ? undefined : row[name]
  return typeof value === 'string' && value !== '' ? { [field]: value } : {}
}

function devicesOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  // SQLite, and MariaDB, have JSON as text.
  const list: unknown = typeof value === 'string' && value !== '' ? JSON.parse(value) : value
  return Array.isArray(list) ? list.filter((one) => typeof one === 'object' && one !== null) : []
}

function readAttributes(attributes: unknown): readonly (readonly [string, string])[] {
  if (attributes === undefined) return []
  if (Array.isArray(attributes)) return attributes.map((name) => [columnOf('attributes', name), name])
  if (typeof attributes !== 'object' || attributes === null) return refuse('columns.attributes', 'names of columns')
  return Object.entries(attributes).map(([field, name]) => [field, columnOf(`attributes.${shownName(field)}`, name)])
}

function columnOf(field: string, name: unknown): string {
  if (typeof name === 'string' && name !== '') return name
  return refuse(`columns.${shownName(field)}`, 'the name of a column')
}

function refuse(field: string, allowed: string): never {
  throw new ReachError('REACH_OPTION_INVALID', `sqlDirectory: ${field} must be ${allowed}`)
}

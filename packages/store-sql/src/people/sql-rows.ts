import { type ColumnRoles, itemOf } from '@reachkit/core/directory'
import {
  type AudienceItem,
  type AudiencePage,
  type AudiencePageRequest,
  type AudienceReject,
  ReachError,
} from '@reachkit/core/spec'
import { sql } from 'kysely'
import { bound, type Bound } from './bound.js'
import { type IdType, idTypeOf, idValues } from './id-type.js'
import { isSameKey, type KeyValue, keyOf, type Place, readPlace, writePlace } from './keyset.js'
import { asTable, columnName } from './names.js'
import type { Row, SqlReader } from './reader.js'
import { idText, plainRow } from './row-values.js'

/** The rows of a SELECT, along a unique key. */
export class SqlRows {
  readonly #reader: SqlReader
  readonly #key: string
  readonly #roles: ColumnRoles & { readonly id: string }
  #idType: IdType | undefined

  constructor(reader: SqlReader, key: string, roles: ColumnRoles & { readonly id: string }) {
    this.#reader = reader
    this.#key = key
    this.#roles = roles
  }

  async page(select: Bound, { cursor, limit, zones }: AudiencePageRequest): Promise<AudiencePage> {
    const place = readPlace(cursor)
    const key = columnName(this.#key)
    const behind = place.key === undefined ? bound`` : bound` and ${key} > ${this.#value(place.key)}`
    // One more than are wanted tells whether there are more, and whether the key is unique.
    const query = bound`select * from ${asTable(select)} where ${key} is not null${behind}${this.#inZones(zones)} order by ${key} limit ${sql.lit(limit + 1)}`
    const rows = await this.#reader.rows(query)
    return this.#pageOf(rows, place, limit, zones)
  }

  async count(select: Bound): Promise<number> {
    const query = bound`select count(*) as people from ${asTable(select)} where ${columnName(this.#key)} is not null`
    const [row] = await this.#reader.rows(query)
    return Number(row?.['people'])
  }

  async has(select: Bound, ids: readonly string[]): Promise<readonly boolean[]> {
    const { id } = this.#roles
    const table = asTable(select)
    this.#idType ??= await idTypeOf(this.#reader, table, id)
    const values = idValues(ids, this.#idType)
    const query = bound`select ${columnName(id)} from ${table} where ${columnName(id)} in (${values}) and ${columnName(this.#key)} is not null`
    const rows = values.length === 0 ? [] : await this.#reader.rows(query)
    const found = new Set(rows.map((row) => idText(row[id])))
    return ids.map((one) => found.has(one))
  }

  async zones(select: Bound): Promise<readonly (string | null)[]> {
    const { zone = '' } = this.#roles
    const query = bound`select distinct ${columnName(zone)} from ${asTable(select)} where ${columnName(this.#key)} is not null`
    return [...new Set((await this.#reader.rows(query)).map((row) => this.#zoneOf(row)))]
  }

  /** Rows without a zone, and with one that nobody knows, are found among all of them. */
  #inZones(zones: AudiencePageRequest['zones']): Bound {
    if (zones === undefined || zones.includes(null)) return bound``
    return bound` and ${columnName(this.#roles.zone ?? '')} in (${zones})`
  }

  #pageOf(rows: readonly Row[], place: Place, limit: number, zones: AudiencePageRequest['zones']): AudiencePage {
    const wanted = zones?.includes(null) === true ? new Set(zones.map(folded)) : undefined
    const items: AudienceItem[] = []
    const rejects: AudienceReject[] = []
    let last: KeyValue | undefined
    for (const [index, row] of rows.entries()) {
      const key = keyOf(row[this.#key], this.#key)
      if (last !== undefined && isSameKey(last, key)) throw this.#notUnique()
      if (index === limit) break
      last = key
      const item = this.#itemOf(row)
      if (wanted?.has(folded(this.#zoneOf(row))) === false) continue
      if (typeof item === 'string') rejects.push({ line: place.rows + index + 1, reason: item })
      else items.push(item)
    }
    const next = rows.length > limit ? writePlace({ rows: place.rows + limit, key: last }) : undefined
    return { items, rejects, next }
  }

  /** Null too where the zone is one that nobody knows: such a row is told as a reject once. */
  #zoneOf(row: Row): string | null {
    const { zone = '' } = this.#roles
    const item = itemOf({ id: 'id', zone }, (name) => (name === zone ? row[zone] : 'x'), undefined)
    return typeof item === 'string' ? null : (item.zone ?? null)
  }

  #itemOf(row: Row): AudienceItem | string {
    const columns = plainRow(row)
    const id = idText(row[this.#roles.id])
    return itemOf(this.#roles, (name) => (name === this.#roles.id ? id : columns[name]), columns)
  }

  #value(key: KeyValue): unknown {
    // A number as SQLite and MySQL compare it; as text it would be one of PostgreSQL's choice of type.
    return typeof key === 'bigint' && this.#reader.dialect === 'postgres' ? key.toString() : key
  }

  #notUnique(): ReachError {
    const text = `the key '${this.#key}' is not unique: rows would be left out between two pages`
    return new ReachError('REACH_AUDIENCE_INVALID', text)
  }
}

/** A zone is the same in letters of another case, as a database may compare it. */
function folded(zone: string | null): string | null {
  return zone?.toLowerCase() ?? null
}

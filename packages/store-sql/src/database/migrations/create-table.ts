import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.js'

/**
 * What a column holds. `key` is text that is searched by, of at most so many characters as its width says; `text` and
 * `bytes` are of any length and are not searched by. A `?` lets it be null.
 */
export type ColumnKind = ScalarKind | `${ScalarKind}?`
export type ScalarKind = 'id' | 'key' | 'member' | 'digest' | 'small' | 'whole' | 'real' | 'text' | 'bytes'

export interface TableShape<Column extends string = string> {
  readonly columns: Readonly<Record<Column, ColumnKind>>
  readonly primaryKey: readonly Column[]
  readonly unique?: readonly (readonly Column[])[]
  readonly indexes?: readonly (readonly Column[])[]
  /** SQLite keeps the row in its primary key: for small rows that are found by it. */
  readonly clustered?: boolean
}

type DialectName = Dialect['name']

const kinds: Readonly<Record<DialectName, Readonly<Record<ScalarKind, string>>>> = {
  sqlite: {
    id: 'text',
    key: 'text',
    member: 'text',
    digest: 'blob',
    small: 'integer',
    whole: 'integer',
    real: 'real',
    text: 'text',
    bytes: 'blob',
  },
  postgres: {
    id: 'text collate "C"',
    key: 'text collate "C"',
    member: 'text collate "C"',
    digest: 'bytea',
    small: 'smallint',
    whole: 'bigint',
    real: 'double precision',
    text: 'text',
    bytes: 'bytea',
  },
  // An index takes at most 3,072 bytes, and a character up to four of them.
  mysql: {
    id: 'varchar(96) character set utf8mb4 collate utf8mb4_bin',
    key: 'varchar(400) character set utf8mb4 collate utf8mb4_bin',
    member: 'varchar(200) character set utf8mb4 collate utf8mb4_bin',
    digest: 'varbinary(32)',
    small: 'smallint',
    whole: 'bigint',
    real: 'double',
    text: 'longtext character set utf8mb4 collate utf8mb4_bin',
    bytes: 'longblob',
  },
}

/**
 * Makes a table with its indexes, and passes over what is there: a server without transactions for this starts over.
 * `more` are lines of its definition as they are.
 */
export async function createTable(
  db: Kysely<unknown>,
  dialect: DialectName,
  name: string,
  shape: TableShape,
  more: readonly string[] = [],
): Promise<void> {
  const quote = dialect === 'mysql' ? '`' : '"'
  const quoted = (word: string): string => quote + word + quote
  const list = (columns: readonly string[]): string => `(${columns.map(quoted).join(', ')})`
  const indexes = shape.indexes ?? []
  const lines = [
    ...Object.entries(shape.columns).map(([column, kind]) => `${quoted(column)} ${columnType(dialect, kind)}`),
    `primary key ${list(shape.primaryKey)}`,
    ...(shape.unique ?? []).map((columns) => `unique ${list(columns)}`),
    ...(dialect === 'mysql'
      ? indexes.map((columns) => `index ${quoted(indexName(name, columns))} ${list(columns)}`)
      : []),
    ...more,
  ]
  const text = `create table if not exists ${quoted(name)} (${lines.join(', ')})${tableOptions(dialect, shape)}`
  await sql.raw(text).execute(db)
  if (dialect === 'mysql') return
  for (const columns of indexes) {
    const index = quoted(indexName(name, columns))
    await sql.raw(`create index if not exists ${index} on ${quoted(name)} ${list(columns)}`).execute(db)
  }
}

export async function dropTable(db: Kysely<unknown>, name: string): Promise<void> {
  await db.schema.dropTable(name).ifExists().execute()
}

export function columnType(dialect: DialectName, kind: ColumnKind): string {
  const nullable = kind.endsWith('?')
  const scalar = (nullable ? kind.slice(0, -1) : kind) as ScalarKind
  return `${kinds[dialect][scalar]}${nullable ? '' : ' not null'}`
}

function indexName(table: string, columns: readonly string[]): string {
  return `${table}_by_${columns.join('_')}`
}

function tableOptions(dialect: DialectName, { clustered }: TableShape): string {
  if (dialect === 'mysql') return ' engine=InnoDB'
  if (dialect === 'postgres') return ''
  return clustered === true ? ' strict, without rowid' : ' strict'
}

import type { ColumnKind, ScalarKind } from './migrations/create-table.js'
import { shapes } from './shapes.js'
import type { ReachTables } from './tables.js'

const arrays: Readonly<Record<ScalarKind, string>> = {
  id: 'text[]',
  key: 'text[]',
  member: 'text[]',
  name: 'text[]',
  ident: 'text[]',
  digest: 'bytea[]',
  small: 'smallint[]',
  whole: 'bigint[]',
  real: 'float8[]',
  text: 'text[]',
  bytes: 'bytea[]',
}

/** How PostgreSQL names an array of what a column holds. */
export function arrayType<Table extends keyof ReachTables>(
  table: Table,
  column: keyof ReachTables[Table] & string,
): string {
  const columns: Readonly<Record<string, ColumnKind>> = shapes[table].columns
  const kind = columns[column] ?? 'text'
  return arrays[(kind.endsWith('?') ? kind.slice(0, -1) : kind) as ScalarKind]
}

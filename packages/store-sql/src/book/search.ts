import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Dialect } from '../database/dialect.js'
import { prefixNeedle, wholeNeedle } from './entries.js'
import type { Bound, Wanted } from './wanted.js'

/** More points than these are looked up in a set of them, entry by entry. */
const mostNeedles = 8

const never: RawBuilder<SqlBool> = sql<SqlBool>`1 = 0`
export const always: RawBuilder<SqlBool> = sql<SqlBool>`1 = 1`

/** Whether the entries have to be looked at one by one. */
export function listsEntries(wanted: Wanted): boolean {
  return 'bounds' in wanted || ('points' in wanted && wanted.points.length > mostNeedles)
}

/** Whether the entries of the profile `p` are as they are wanted: true or false, never null. */
export function searched({ name }: Pick<Dialect, 'name'>, wanted: Wanted): RawBuilder<SqlBool> {
  if ('prefix' in wanted) return contains(name, prefixNeedle(wanted.prefix))
  if ('none' in wanted) return sql`not (${contains(name, prefixNeedle(wanted.none))})`
  if ('bounds' in wanted) return someEntry(name, and(wanted.bounds.map((bound) => meets(name, bound))))
  const { points } = wanted
  if (points.length > mostNeedles) return someEntry(name, isOneOf(name, points))
  return or(points.map((point) => contains(name, wholeNeedle(point))))
}

/** Whether the profile `p` has an entry, to the byte. */
export function hasEntry({ name }: Pick<Dialect, 'name'>, entry: string): RawBuilder<SqlBool> {
  return contains(name, wholeNeedle(entry))
}

export function and(parts: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return parts.length === 0 ? always : sql`(${sql.join(parts, sql` and `)})`
}

export function or(parts: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return parts.length === 0 ? never : sql`(${sql.join(parts, sql` or `)})`
}

function contains(dialect: Dialect['name'], needle: string): RawBuilder<SqlBool> {
  if (dialect === 'sqlite') return sql`instr(p.search, ${needle}) > 0`
  return dialect === 'postgres' ? sql`strpos(p.search, ${needle}) > 0` : sql`locate(${needle}, p.search) > 0`
}

/** `condition` is about `e.v`, an entry: `stored` compares it by its bytes. */
function someEntry(dialect: Dialect['name'], condition: RawBuilder<SqlBool>): RawBuilder<SqlBool> {
  return sql`exists (select 1 from ${entries[dialect]} where ${condition})`
}

/** An entry is the name of an attribute, at most 256 characters and marks, and at most 1,026 of a text. */
const entries: Readonly<Record<Dialect['name'], RawBuilder<unknown>>> = {
  sqlite: sql`(select value as v from json_each(p.search)) as e`,
  postgres: sql`json_array_elements_text(p.search::json) as e(v)`,
  mysql: sql`json_table(p.search, '$[*]' columns (v varchar(1600) character set utf8mb4 path '$')) as e`,
}

const stored: Readonly<Record<Dialect['name'], RawBuilder<unknown>>> = {
  sqlite: sql`e.v`,
  postgres: sql`e.v collate "C"`,
  mysql: sql`cast(e.v as binary)`,
}

function meets(dialect: Dialect['name'], { operator, entry }: Bound): RawBuilder<SqlBool> {
  const value = asBytes(dialect, entry)
  if (operator === 'starts') return sql`substr(${stored[dialect]}, 1, length(${value})) = ${value}`
  return sql`${stored[dialect]} ${sql.raw(operator)} ${value}`
}

function asBytes(dialect: Dialect['name'], entry: string): RawBuilder<unknown> {
  if (dialect === 'mysql') return sql`cast(${entry} as binary)`
  return dialect === 'postgres' ? sql`${entry}::text` : sql`${entry}`
}

/** The points are handed over once, and looked up in a table that the server makes of them. */
function isOneOf(dialect: Dialect['name'], points: readonly string[]): RawBuilder<SqlBool> {
  if (dialect === 'mysql') return sql`${stored.mysql} in (${sql.join(points.map((point) => asBytes(dialect, point)))})`
  const list = JSON.stringify(points)
  if (dialect === 'sqlite') return sql`e.v in (select value from json_each(${list}))`
  return sql`e.v in (select t.v from json_array_elements_text(${list}::json) as t(v))`
}

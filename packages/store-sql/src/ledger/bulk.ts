import { CompiledQuery } from 'kysely'
import type { Dialect, Queries } from '../database/dialect.js'
import { arrayType } from '../database/array-type.js'
import type { ReachTables } from '../database/tables.js'

/** What happens to a row whose key is there already: an error, nothing, or the new one in its place. */
type OnKnown = 'fail' | 'pass' | 'replace'

export interface BulkTarget<Table extends keyof ReachTables> {
  readonly table: Table
  /** The first ones are the key. */
  readonly columns: readonly (keyof ReachTables[Table] & string)[]
  readonly keys: number
  readonly onKnown: OnKnown
}

/** Texts that are kept of one target. */
const mostTexts = 64
const texts = new WeakMap<object, Map<string, string>>()

function textsOf(target: object): Map<string, string> {
  const known = texts.get(target) ?? new Map<string, string>()
  texts.set(target, known)
  return known
}

/**
 * Inserts rows in as few statements as the dialect allows, and answers how many were new: which is told for `fail` and
 * `pass` alone. A target is a constant of its module: the texts of its statements are kept.
 */
export async function insertRows<Table extends keyof ReachTables>(
  queries: Queries,
  dialect: Dialect,
  target: BulkTarget<Table>,
  rows: readonly (readonly unknown[])[],
): Promise<number> {
  const most = Math.min(512, largestPower(Math.floor(dialect.mostValues / target.columns.length)))
  if (dialect.name === 'sqlite' && rows.length >= fewestShared) {
    const shared = await insertShared(queries, target, rows)
    if (shared !== undefined) return shared
  }
  if (dialect.name === 'postgres' && rows.length > 1) return insertArrays(queries, target, rows)
  let fresh = 0
  for (let start = 0; start < rows.length; ) {
    const left = Math.min(most, rows.length - start)
    // SQLite keeps statements prepared, so few texts are best; a server is asked once.
    const count = dialect.name === 'sqlite' ? largestPower(left) : left
    const parameters = rows.slice(start, start + count).flat()
    const { numAffectedRows } = await queries.executeQuery(
      CompiledQuery.raw(insertText(dialect, target, count), parameters),
    )
    fresh += Number(numAffectedRows ?? 0n)
    start += count
  }
  return fresh
}

/** PostgreSQL takes each column as one array: one text however many rows, and no list of values to parse and plan. */
async function insertArrays<Table extends keyof ReachTables>(
  queries: Queries,
  target: BulkTarget<Table>,
  rows: readonly (readonly unknown[])[],
): Promise<number> {
  const known = textsOf(target)
  const text = known.get('arrays') ?? arraysText(target)
  known.set('arrays', text)
  const { numAffectedRows } = await queries.executeQuery(
    CompiledQuery.raw(text, columnsOf(target.columns.length, rows)),
  )
  return Number(numAffectedRows ?? 0n)
}

function arraysText<Table extends keyof ReachTables>(target: BulkTarget<Table>): string {
  const names = target.columns.map((column) => quote('postgres', column)).join(',')
  const arrays = target.columns.map((column, index) => `$${index + 1}::${arrayType(target.table, column)}`)
  const head = `insert into ${target.table} (${names}) select * from unnest(${arrays.join(',')})`
  return head + onConflict('postgres', target)
}

/** Rows turned into an array a column. */
export function columnsOf(count: number, rows: readonly (readonly unknown[])[]): unknown[][] {
  return Array.from({ length: count }, (_, column) => rows.map((row) => row[column]))
}

/** From so many rows on, it is looked for what they have in common. */
const fewestShared = 16
const mostShared = 512

/**
 * Handing SQLite a value costs more than storing it, and rows of one parcel have most columns in common: those are
 * handed over once, the others as one JSON text. Undefined where a column that differs holds bytes, or most of them differ.
 */
async function insertShared<Table extends keyof ReachTables>(
  queries: Queries,
  target: BulkTarget<Table>,
  rows: readonly (readonly unknown[])[],
): Promise<number | undefined> {
  const batches = parts(rows, mostShared).map((some) => ({ some, differing: differingColumns(some) }))
  for (const { some, differing } of batches)
    if (differing.length > 4 || differing.some((column) => some[0]?.[column] instanceof Uint8Array)) return undefined
  let fresh = 0
  for (const { some, differing } of batches) {
    const same = (some[0] ?? []).filter((_, column) => !differing.includes(column))
    const values = JSON.stringify(some.map((row) => differing.map((column) => row[column])))
    const query = CompiledQuery.raw(sharedText(target, differing), [...same, values])
    fresh += Number((await queries.executeQuery(query)).numAffectedRows ?? 0n)
  }
  return fresh
}

function differingColumns(rows: readonly (readonly unknown[])[]): readonly number[] {
  const [first = []] = rows
  return first.flatMap((value, column) => (rows.every((row) => row[column] === value) ? [] : column))
}

function sharedText<Table extends keyof ReachTables>(target: BulkTarget<Table>, differing: readonly number[]): string {
  const known = textsOf(target)
  const key = `shared ${differing.join(' ')}`
  const made = known.get(key)
  if (made !== undefined) return made
  const values = target.columns.map((_, column) => {
    const at = differing.indexOf(column)
    return at < 0 ? '?' : `value->>${at}`
  })
  const head = `insert into ${target.table} (${target.columns.map((column) => quote('sqlite', column)).join(',')})`
  // `where true` tells `on conflict` from the condition of a join.
  const text = `${head} select ${values.join(',')} from json_each(?) where true${onConflict('sqlite', target)}`
  known.set(key, text)
  return text
}

function insertText<Table extends keyof ReachTables>(
  { name }: Dialect,
  target: BulkTarget<Table>,
  count: number,
): string {
  const known = textsOf(target)
  const key = `${name} ${count}`
  const text = known.get(key) ?? makeInsertText(name, target, count)
  if (known.size < mostTexts) known.set(key, text)
  return text
}

function makeInsertText<Table extends keyof ReachTables>(
  dialect: Dialect['name'],
  { table, columns, keys, onKnown }: BulkTarget<Table>,
  count: number,
): string {
  const quoted = columns.map((column) => quote(dialect, column))
  const rows = Array.from({ length: count }, (_, row) => {
    const marks = columns.map((__, column) => (dialect === 'postgres' ? `$${row * columns.length + column + 1}` : '?'))
    return `(${marks.join(',')})`
  })
  // MySQL has nothing else that tells rows which are new from others.
  const verb = dialect === 'mysql' && onKnown === 'pass' ? 'insert ignore' : 'insert'
  const head = `${verb} into ${table} (${quoted.join(',')}) values ${rows.join(',')}`
  return head + onConflict(dialect, { columns, keys, onKnown })
}

function onConflict(
  dialect: Dialect['name'],
  { columns, keys, onKnown }: { readonly columns: readonly string[]; readonly keys: number; readonly onKnown: OnKnown },
): string {
  if (onKnown === 'fail' || (dialect === 'mysql' && onKnown === 'pass')) return ''
  const quoted = columns.map((column) => quote(dialect, column))
  const rest = quoted.slice(keys)
  if (dialect === 'mysql') return ` on duplicate key update ${rest.map((name) => `${name}=values(${name})`).join(',')}`
  const conflict = ` on conflict (${quoted.slice(0, keys).join(',')})`
  if (onKnown === 'pass') return `${conflict} do nothing`
  return `${conflict} do update set ${rest.map((name) => `${name}=excluded.${name}`).join(',')}`
}

function quote(dialect: Dialect['name'], name: string): string {
  return dialect === 'mysql' ? `\`${name}\`` : `"${name}"`
}

function largestPower(most: number): number {
  return most < 1 ? 1 : 2 ** Math.floor(Math.log2(most))
}

/**
 * The values for an `in`: each once, sorted so that rows are locked in one order, and the last one repeated up to a power of two, so that
 * there are few texts of statements. Never empty: `in ()` is no SQL.
 */
export function inList(values: Iterable<string>): string[] {
  const sorted = [...new Set(values)].toSorted(byCode)
  const last = sorted.at(-1) ?? ''
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, sorted.length)))
  while (sorted.length < wanted) sorted.push(last)
  return sorted
}

/** As the databases sort: by code, not by language. */
function byCode(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

/** Cuts a list so that each part fits one statement. */
export function parts<T>(items: readonly T[], most: number): (readonly T[])[] {
  if (items.length <= most) return items.length === 0 ? [] : [items]
  const cut: (readonly T[])[] = []
  for (let start = 0; start < items.length; start += most) cut.push(items.slice(start, start + most))
  return cut
}

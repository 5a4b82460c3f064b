import {
  audience,
  type ColumnRoles,
  type NamedAudience,
  type NamedAudienceOptions,
  type NamedPlan,
  parseColumnRoles,
  type StandardSchemaV1,
} from '@reachkit/core/directory'
import { type AudienceContext, type AudienceFactory, ReachError, shownName } from '@reachkit/core/spec'
import { OptionReader } from '../factory/option-reader.js'
import { bound, type Bound, isBound } from './bound.js'
import { ownText, tableName } from './names.js'
import { readerOf, type RowSource } from './reader-of.js'
import { SqlRows } from './sql-rows.js'

interface Of {
  readonly tenant: string
}

/** `Args`: what the schema of the arguments answers; null without one. */
export interface SqlAudienceOptions<Args> extends RowSource {
  /** A SELECT: text, or a function that answers ``bound`...` ``. Its columns come along for `column('name')`. */
  readonly query?: string | ((args: Args, context: Of) => Bound)
  /** In place of `query`: all columns of a table or view, of the rows that `where` lets through. */
  readonly table?: string
  readonly where?: (args: Args, context: Of) => Bound
  /** A column that is unique and never changes, with an index: pages go along it. Rows without it are left out. */
  readonly key: string
  /** Which columns say who it is: `{ id, zone, locale, address: { email: 'mail' } }`; the id is the key unless told. */
  readonly columns?: ColumnRoles
}

/** An audience of the app's database: list it in `createReach({ audiences })`, and call it with its arguments in a task. */
export type SqlAudience<Schema extends StandardSchemaV1 | undefined> = NamedAudience<Schema> & {
  /** Closes the connections that a `url` has opened. */
  close(): Promise<void>
}

const names = ['db', 'url', 'args', 'query', 'table', 'where', 'key', 'columns']

/**
 * An audience read from the app's database by pages: the SELECT as a table of which each page takes the next rows by their
 * key. What is inserted behind the cursor comes, what was read before it never comes again.
 * @throws ReachError `REACH_OPTION_INVALID` or `REACH_AUDIENCE_INVALID` naming the field that is wrong.
 */
export function sqlAudience<Schema extends StandardSchemaV1>(
  name: string,
  options: SqlAudienceOptions<StandardSchemaV1.InferOutput<Schema>> & { readonly args: Schema },
): SqlAudience<Schema>
export function sqlAudience(name: string, options: SqlAudienceOptions<null>): SqlAudience<undefined>
export function sqlAudience(
  name: string,
  options: SqlAudienceOptions<never> & { readonly args?: StandardSchemaV1 },
): AudienceFactory & ((args?: unknown) => NamedPlan) & { close(): Promise<void> } {
  const subject = `sqlAudience '${shownName(name)}'`
  const given = new OptionReader(subject, options, names)
  const key = given.text('key') ?? given.refuse('key', 'the name of a unique column')
  const told = parseColumnRoles(`${subject}: columns`, options.columns ?? {})
  const roles = { ...told, id: told.id ?? key }
  const selectOf = readSelect(subject, given, options)
  const { reader, close } = readerOf(given, options)
  const source = new SqlRows(reader, key, roles)
  const { guard } = reader
  const parts: Omit<NamedAudienceOptions<StandardSchemaV1>, 'args'> = {
    page: (args, request, of) => guard.run(() => source.page(selectOf(args, of), request), of.signal),
    count: (args, of) => guard.run(() => source.count(selectOf(args, of)), of.signal),
    has: (args, ids, of) => guard.run(() => source.has(selectOf(args, of), ids), of.signal),
    ...(roles.zone !== undefined && {
      zones: (args: unknown, of: AudienceContext) => guard.run(() => source.zones(selectOf(args, of)), of.signal),
    }),
  }
  const made = options.args === undefined ? audience(name, parts) : audience(name, { ...parts, args: options.args })
  return Object.assign(made, { close })
}

/** The rows that an audience consists of, for arguments that the schema has let through. */
function readSelect(
  subject: string,
  given: OptionReader,
  { query, where }: SqlAudienceOptions<never>,
): (args: unknown, of: Of) => Bound {
  const table = given.text('table')
  if ((query === undefined) === (table === undefined)) given.refuse('query or table', 'given, and not both')
  const answered = (answer: unknown, field: string): Bound => {
    if (isBound(answer)) return answer
    // Text that a function has put together may have values of somebody else in it.
    throw new ReachError('REACH_OPTION_INVALID', `${subject}: ${field} must answer bound\`...\``)
  }
  if (table !== undefined) {
    given.func('where')
    const from = bound`select * from ${tableName(table)}`
    return (args, of) =>
      where === undefined ? from : bound`${from} where ${answered(where(args as never, of), 'where')}`
  }
  if (where !== undefined) given.refuse('where', 'left out beside a query')
  if (typeof query === 'function') return (args, of) => answered(query(args as never, of), 'query')
  const text = ownText(given.text('query') ?? given.refuse('query', 'a SELECT'))
  return () => bound`${text}`
}

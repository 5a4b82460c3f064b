import { guarded } from '@reachkit/core/directory'
import type { Directory, DirectoryContext, Recipient } from '@reachkit/core/spec'
import { ReachError } from '@reachkit/core/spec'
import { OptionReader } from '../factory/option-reader.js'
import { bound, type Bound, isBound } from './bound.js'
import { type IdType, idTypeOf, idValues } from './id-type.js'
import { type DirectoryColumns, readDirectoryColumns } from './directory-columns.js'
import { columnName, newLine, tableName } from './names.js'
import { readerOf, type RowSource } from './reader-of.js'
import { idText } from './row-values.js'

export interface SqlDirectoryOptions extends RowSource {
  /** A table or view: `customer`, `crm.customer`. */
  readonly table: string
  readonly columns: DirectoryColumns
  /** Who of the table counts: ``bound`deleted_at is null` ``, or a function of the tenant. */
  readonly where?: Bound | ((context: { readonly tenant: string }) => Bound)
  /** A query of the ids behind groups, in its first column: for `receivers`. */
  readonly members?: (groups: readonly string[], context: { readonly tenant: string }) => Bound
}

export interface SqlDirectory extends Directory {
  /** Closes the connections that a `url` has opened. */
  close(): Promise<void>
}

const mostIds = 500

/**
 * The people of an app's own table, read by id in batches and never copied. A row whose id differs from what was asked
 * for, be it by the case of a letter, is nobody.
 * @throws ReachError `REACH_OPTION_INVALID` naming the field that is wrong.
 */
export function sqlDirectory(options: SqlDirectoryOptions): SqlDirectory {
  const given = new OptionReader('sqlDirectory', options, ['db', 'url', 'table', 'columns', 'where', 'members'])
  const table = tableName(given.text('table') ?? given.refuse('table', 'the name of a table or view'))
  const columns = readDirectoryColumns(options.columns)
  const condition = readCondition(given, options.where)
  const members = given.func('members') as SqlDirectoryOptions['members']
  const { reader, close } = readerOf(given, options)
  let idType: IdType | undefined

  async function recipients(ids: readonly string[], { tenant }: DirectoryContext): Promise<readonly Recipient[]> {
    idType ??= await idTypeOf(reader, table, columns.id)
    const values = idValues(ids, idType)
    const asked = new Set(ids)
    const found: Recipient[] = []
    for (let start = 0; start < values.length; start += mostIds) {
      const batch = bound`${columnName(columns.id)} in (${values.slice(start, start + mostIds)})`
      const query = bound`select ${columns.list} from ${table} where ${batch}${condition(tenant)}`
      for (const row of await reader.rows(query)) {
        const recipient = columns.read(row)
        if (recipient !== undefined && asked.has(recipient.id)) found.push(recipient)
      }
    }
    return found
  }

  async function idsOf(groups: readonly string[], { tenant }: DirectoryContext): Promise<readonly string[]> {
    const query = members?.(groups, { tenant })
    if (!isBound(query)) throw new ReachError('REACH_OPTION_INVALID', 'sqlDirectory: members must answer bound`...`')
    const rows = await reader.rows(query)
    return rows.flatMap((row) => idText(Object.values(row)[0]) ?? [])
  }

  return { ...guarded({ recipients, ...(members !== undefined && { members: idsOf }) }, reader.guard), close }
}

/** What follows the ids in a WHERE. */
function readCondition(given: OptionReader, where: SqlDirectoryOptions['where']): (tenant: string) => Bound {
  const isWrong = where !== undefined && typeof where !== 'function' && !isBound(where)
  if (isWrong) given.refuse('where', 'bound`...`, or a function that answers it')
  return (tenant) => {
    const only = typeof where === 'function' ? where({ tenant }) : where
    if (only === undefined && where === undefined) return bound``
    if (isBound(only)) return bound` and (${only}${newLine})`
    throw new ReachError('REACH_OPTION_INVALID', 'sqlDirectory: where must answer bound`...`')
  }
}

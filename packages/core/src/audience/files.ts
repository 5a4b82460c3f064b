import { resolve } from 'node:path'
import { OptionReader } from '../options/index.js'
import { parseRoles, roleFields } from './column-roles.js'
import { invalidAudience } from './invalid.js'
import type { FileEncoding, UnreadFile } from './plan.js'

export interface FileOptions {
  /** The column that holds ids: `id` unless told. */
  readonly id?: string
  /** Columns that hold addresses, by channel: `{ email: 'mail' }`. A row with one needs no id. */
  readonly address?: Readonly<Record<string, string>>
  /** The column that holds IANA time zones. */
  readonly zone?: string
  /** The column that holds locales. */
  readonly locale?: string
  /** As its byte order mark says, or UTF-8, unless told. */
  readonly encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gbk' | 'gb18030'
}

export interface CsvOptions extends FileOptions {
  /** What stands between fields; the comma, semicolon or tab that the header row has most of, unless told. */
  readonly delimiter?: string
  /** The names of the columns of a file that has no header row. */
  readonly columns?: readonly string[]
}

/**
 * A file of comma-separated values (RFC 4180), read by pages as the task goes on: it must stay where it is, unchanged,
 * and every process that works on the task must find it under this path. Quoted newlines, any line ending, UTF-8, UTF-16
 * and GBK are read; a row that cannot be is counted with its line, and told in the report. See docs/audiences.md.
 * @throws ReachError `REACH_AUDIENCE_INVALID` naming the option that is wrong. The file itself is first looked into when
 * the task is created.
 */
export function csv(path: string, options: CsvOptions = {}): UnreadFile {
  const reader = readerOf('csv()', options, ['delimiter', 'columns'])
  const delimiter = readDelimiter(reader)
  const columns = readColumns(reader)
  return {
    ...unreadFile('csv', path, reader),
    ...(delimiter !== undefined && { delimiter }),
    ...(columns !== undefined && { columns }),
  }
}

/**
 * A file of one JSON value a line: an object, or a text that is an id. Read and kept as by `csv`; numbers that are whole
 * are ids too. Columns are the fields of the objects.
 * @throws ReachError `REACH_AUDIENCE_INVALID` naming the option that is wrong.
 */
export function ndjson(path: string, options: FileOptions = {}): UnreadFile {
  return unreadFile('ndjson', path, readerOf('ndjson()', options, []))
}

function readerOf(subject: string, options: unknown, more: readonly string[]): OptionReader {
  return new OptionReader('REACH_AUDIENCE_INVALID', subject, options, [...roleFields, 'encoding', ...more])
}

function unreadFile(format: 'csv' | 'ndjson', path: unknown, reader: OptionReader): UnreadFile {
  if (typeof path !== 'string' || path === '') throw invalidAudience(`${format}(): path`, 'the path of a file', path)
  const encoding = readEncoding(reader)
  return {
    kind: 'unread-file',
    format,
    path: resolve(path),
    roles: parseRoles(reader),
    ...(encoding !== undefined && { encoding }),
  }
}

/** GB18030 is GBK and more. */
function readEncoding(reader: OptionReader): FileEncoding | undefined {
  const encoding = reader.choice('encoding', ['utf-8', 'utf-16le', 'utf-16be', 'gbk', 'gb18030'])
  return encoding === 'gbk' ? 'gb18030' : encoding
}

function readDelimiter(reader: OptionReader): string | undefined {
  const delimiter = reader.text('delimiter')
  if (delimiter === undefined || /^[\t !#-/:;<-@[-`{-~]$/.test(delimiter)) return delimiter
  return reader.refuse('delimiter', 'one ASCII character that is no letter, digit, quote or line break')
}

function readColumns(reader: OptionReader): readonly string[] | undefined {
  const columns: unknown = reader.raw('columns')
  if (columns === undefined) return undefined
  if (Array.isArray(columns) && columns.length > 0 && columns.every((name) => typeof name === 'string'))
    return [...columns]
  return reader.refuse('columns', 'a list of names')
}

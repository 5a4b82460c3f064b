import { nearestName, shownName } from '../../options/index.js'
import { ReachError } from '../../spec/index.js'
import type { ColumnRoles, CsvPlan, FilePlan, UnreadFile } from '../plan.js'
import { shownFile } from './file-error.js'
import type { FileSystem } from './file-system.js'
import { RecordReader } from './record-reader.js'
import { FieldSplitter } from './split-fields.js'

type Opened = Pick<FilePlan, 'path' | 'stamp' | 'encoding' | 'start'>
type Columns = Pick<CsvPlan, 'columns' | 'delimiter' | 'start' | 'roles'>

interface FirstRow {
  readonly delimiter: string
  readonly fields: readonly string[]
  readonly next: Opened['start']
}

/** Of two that stand equally often in the first row, the one before. */
const delimiters = [',', ';', '\t']

/** The columns of a file as its first row or its options name them, and where its records begin. */
export async function readColumns(draft: UnreadFile, file: Opened, files: FileSystem): Promise<Columns> {
  const first = await readFirstRow(draft, file, files)
  const columns = draft.columns ?? first.fields.map((name) => name.trim())
  assertNames(file.path, columns)
  return {
    delimiter: first.delimiter,
    columns,
    start: draft.columns === undefined ? first.next : file.start,
    roles: columns.length === 0 ? draft.roles : resolveRoles(file.path, draft.roles, columns),
  }
}

/** By the delimiter that splits the row into most fields; into as many as there are columns, where these are told. */
async function readFirstRow(draft: UnreadFile, file: Opened, files: FileSystem): Promise<FirstRow> {
  const candidates = draft.delimiter === undefined ? delimiters : [draft.delimiter]
  const answers = await Promise.all(candidates.map((delimiter) => firstRowBy(delimiter, file, files)))
  const rows = answers.filter((answer) => typeof answer !== 'string')
  const told = rows.find(({ fields }) => fields.length === draft.columns?.length)
  const [best] = rows.toSorted((a, b) => b.fields.length - a.fields.length)
  const chosen = told ?? best
  if (chosen !== undefined) return chosen
  if (draft.columns !== undefined) return { delimiter: candidates[0] ?? ',', fields: [], next: file.start }
  throw refuse(
    file.path,
    `has a first row that cannot be read: it ${answers.find((answer) => typeof answer === 'string')}`,
  )
}

/** No fields in a file without rows. A text says why the row cannot be read by this delimiter. */
async function firstRowBy(delimiter: string, file: Opened, files: FileSystem): Promise<FirstRow | string> {
  const { size } = file.stamp
  const reader = new RecordReader(files, { path: file.path, encoding: file.encoding, size, delimiter })
  let place = { ...file.start, skipping: false }
  while (place.offset < size) {
    const { rows, next } = await reader.read(place, 1)
    const [row] = rows
    place = next
    if (row === undefined) continue
    if (!('text' in row)) return row.fault
    const [fields] = await new FieldSplitter(delimiter).split([row])
    const { offset, line } = next
    return fields === undefined ? 'is no CSV' : { delimiter, fields, next: { offset, line } }
  }
  return { delimiter, fields: [], next: { offset: size, line: place.line } }
}

function assertNames(path: string, columns: readonly string[]): void {
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) < index)
  if (twice !== undefined) throw refuse(path, `has two columns of the same name, '${shownName(twice)}'`)
  if (columns.includes('__proto__')) throw refuse(path, 'has a column whose name no column may have')
}

/** The id is in the column `id` unless told; a file of addresses needs none. */
function resolveRoles(path: string, roles: ColumnRoles, columns: readonly string[]): ColumnRoles {
  const resolved = roles.id === undefined && columns.includes('id') ? { id: 'id', ...roles } : roles
  if (resolved.id === undefined && resolved.address === undefined) throw missing(path, 'id', columns)
  const used = [resolved.id, resolved.zone, resolved.locale, ...Object.values(resolved.address ?? {})]
  const unknown = used.find((name) => name !== undefined && !columns.includes(name))
  if (unknown !== undefined) throw missing(path, unknown, columns)
  return resolved
}

function missing(path: string, name: string, columns: readonly string[]): ReachError {
  const near = nearestName(name, columns)
  const shown = columns.slice(0, 20).map(shownName).join(', ')
  const hint = near === undefined ? `there are ${shown}` : `did you mean '${shownName(near)}'?`
  return refuse(path, `has no column '${shownName(name)}': ${hint}`)
}

function refuse(path: string, text: string): ReachError {
  return new ReachError('REACH_AUDIENCE_INVALID', `${shownFile(path)} ${text}.`)
}

import { ReachError } from '../../spec/index.js'
import type { CsvPlan, FileEncoding, FilePlan, FileStamp, UnreadFile } from '../plan.js'
import { readColumns } from './csv-columns.js'
import { readSpan } from './read-span.js'
import { shownFile } from './file-error.js'
import type { FileSystem } from './file-system.js'
import { stampFile } from './stamp-file.js'
import { unitBytes } from './window.js'

/**
 * Looks into a file once: hashes it, and finds its encoding, its delimiter and its columns, which the plan then says.
 * @throws ReachError `REACH_AUDIENCE_INVALID` where a column is missing or the header row cannot be read,
 * `REACH_AUDIENCE_GONE`, `REACH_AUDIENCE_CHANGED`, `REACH_AUDIENCE_FAILED`.
 */
export async function prepareFile(draft: UnreadFile, files: FileSystem, signal: AbortSignal): Promise<FilePlan> {
  const { format, path, roles } = draft
  const stamp = await stampFile(files, path, signal)
  const mark = await findMark(files, path, stamp)
  const encoding = draft.encoding ?? mark?.encoding ?? 'utf-8'
  assertWhole(path, stamp, encoding)
  const offset = mark?.encoding === encoding ? mark.bytes.length : 0
  const file = { path, stamp, encoding, start: { offset, line: 1 } }
  if (format === 'ndjson') return { kind: 'ndjson', ...file, roles: { id: 'id', ...roles } }
  const columns: Pick<CsvPlan, 'columns' | 'delimiter' | 'start' | 'roles'> = await readColumns(draft, file, files)
  return { kind: 'csv', ...file, ...columns }
}

interface Mark {
  readonly encoding: FileEncoding
  readonly bytes: Buffer
}

/** Byte order marks. */
const marks: readonly Mark[] = [
  { encoding: 'utf-8', bytes: Buffer.of(0xef, 0xbb, 0xbf) },
  { encoding: 'utf-16le', bytes: Buffer.of(0xff, 0xfe) },
  { encoding: 'utf-16be', bytes: Buffer.of(0xfe, 0xff) },
  { encoding: 'gb18030', bytes: Buffer.of(0x84, 0x31, 0x95, 0x33) },
]

async function findMark(files: FileSystem, path: string, { size }: FileStamp): Promise<Mark | undefined> {
  const head = Buffer.alloc(Math.min(4, size))
  await readSpan(files, path, head, 0)
  return marks.find(({ bytes }) => head.subarray(0, bytes.length).equals(bytes))
}

function assertWhole(path: string, { size }: FileStamp, encoding: FileEncoding): void {
  if (size % unitBytes(encoding) === 0) return
  throw new ReachError('REACH_AUDIENCE_INVALID', `${shownFile(path)} is no UTF-16: it has an odd number of bytes.`)
}

import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryFile } from '../../../test/support/audience-world.js'
import type { FileEncoding } from '../plan.js'
import { cursorOf, placeOf } from './file-cursor.js'
import type { FileSystem } from './file-system.js'
import { RecordReader, type RecordFile, type Row } from './record-reader.js'
import { FieldSplitter } from './split-fields.js'

const breaks = ['\n', '\r\n', '\r']
const piece = fc.constantFrom('a', 'Zoë', '王', '😀', ' ', ',', ';', '"', ...breaks)
const value = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join(''))
const field = fc
  .tuple(value, fc.boolean())
  .map(([text, isQuoted]) => (isQuoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
const row = fc.array(field, { minLength: 1, maxLength: 4 }).map((fields) => fields.join(','))
const blank = fc.constant('')
const line = fc.tuple(
  fc.oneof({ weight: 4, arbitrary: row }, { weight: 1, arbitrary: blank }),
  fc.constantFrom(...breaks),
)
const content = fc
  .tuple(fc.array(line, { maxLength: 20 }), fc.oneof(row, blank))
  .map(([lines, last]) => lines.map((parts) => parts.join('')).join('') + last)
const encodings: readonly FileEncoding[] = ['utf-8', 'utf-16le', 'utf-16be']

interface Read {
  readonly line: number
  readonly fields: readonly string[] | string | undefined
}

test('Pages of any size, resumed at each cursor, have the records and lines of one whole parse by csv-parse.', async () => {
  const property = fc.asyncProperty(
    content,
    fc.constantFrom(...encodings),
    sizes(),
    sizes(),
    async (text, encoding, pages, windows) => {
      const stamp = { size: encoded(text, encoding).length, mtimeMs: 0, sha256: 'ab' }
      const files = memoryFile(encoded(text, encoding))
      const file = { path: 'x', size: stamp.size, encoding, delimiter: ',' }
      const read: Read[] = []
      let cursor = cursorOf({ offset: 0, line: 1, skipping: false }, stamp)
      for (let page = 0; ; page += 1) {
        const from = placeOf(cursor, stamp)
        if (from === undefined) throw new Error('no place')
        const reader = new RecordReader(files, { ...file, readBytes: 2 * at(windows, page) })
        const { rows, next } = await reader.read(from, at(pages, page))
        expect(rows.length).toBeLessThanOrEqual(at(pages, page))
        read.push(...(await fieldsOf(rows)))
        if (next.offset === stamp.size) break
        cursor = cursorOf(next, stamp)
      }
      expect(read).toEqual(wholeParse(text))
    },
  )
  await fc.assert(property, { numRuns: 1_000 })
})

test('What is no CSV gives the same records and rejects whatever the sizes of pages and reads are.', async () => {
  const noise = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''))
  const property = fc.asyncProperty(
    noise,
    fc.constantFrom(...encodings),
    sizes(),
    sizes(),
    async (text, encoding, pages, windows) => {
      const files = memoryFile(encoded(text, encoding))
      const file = { path: 'x', size: encoded(text, encoding).length, encoding, delimiter: ',' }
      const whole = await fieldsOf(await readBy(files, file, [1_000], [1_000]))
      expect(await fieldsOf(await readBy(files, file, pages, windows))).toEqual(whole)
      const lines = whole.map((each) => each.line)
      expect(lines).toEqual([...new Set(lines)].toSorted((a, b) => a - b))
      expect(lines.at(-1) ?? 1).toBeLessThanOrEqual(linesIn(text))
    },
  )
  await fc.assert(property, { numRuns: 1_000 })
})

function sizes(): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })
}

function at(sizesOfPages: readonly number[], page: number): number {
  return sizesOfPages[page % sizesOfPages.length] ?? 1
}

async function readBy(
  files: FileSystem,
  file: RecordFile,
  pages: readonly number[],
  windows: readonly number[],
): Promise<readonly Row[]> {
  const rows: Row[] = []
  let place = { offset: 0, line: 1, skipping: false }
  for (let page = 0; place.offset < file.size; page += 1) {
    const reader = new RecordReader(files, { ...file, readBytes: 2 * at(windows, page) })
    const batch = await reader.read(place, at(pages, page))
    rows.push(...batch.rows)
    place = batch.next
  }
  return rows
}

async function fieldsOf(rows: readonly Row[]): Promise<readonly Read[]> {
  const fields = await new FieldSplitter(',').split(rows.filter((each) => 'text' in each))
  let next = 0
  return rows.map((each) => ({ line: each.line, fields: 'text' in each ? fields[next++] : each.fault }))
}

function encoded(text: string, encoding: FileEncoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text)
  const bytes = Buffer.from(text, 'utf16le')
  return encoding === 'utf-16be' ? bytes.swap16() : bytes
}

/** By csv-parse alone, which tells where each record ends: the next one begins behind it and behind blank lines. */
function wholeParse(text: string): readonly Read[] {
  const bytes = Buffer.from(text)
  const parsed = parse(text, {
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
  })
  let end = 0
  return (parsed as unknown as { record: string[]; info: { bytes: number } }[]).map(({ record, info }) => {
    while (bytes[end] === 0x0a || bytes[end] === 0x0d) end += 1
    const read = { line: linesIn(bytes.toString('utf8', 0, end)), fields: record }
    end = info.bytes
    return read
  })
}

function linesIn(text: string): number {
  return text.split(/\r\n|\r|\n/).length
}

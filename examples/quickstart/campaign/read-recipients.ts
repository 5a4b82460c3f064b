import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { parse } from 'csv-parse'

export interface CsvRecipient {
  /** The line that it begins on; the header is line 1. */
  readonly line: number
  readonly name: string
  readonly email: string
  readonly city: string
}

/** Told of each line that is no recipient. */
export type Refuse = (line: number, reason: string) => void

/** A row of the file; `raw` is its text, for the number of the line that it begins on. */
interface Row {
  readonly record: Readonly<Record<'name' | 'email' | 'city' | 'note', string>>
  readonly info: { readonly lines: number }
  readonly raw: string
}

/** Reads a CSV file as a stream, row by row: a file of any size takes the same memory. */
export async function* readRecipients(file: URL, refuse: Refuse): AsyncGenerator<CsvRecipient> {
  const rows = parse({
    bom: true,
    columns: true,
    info: true,
    raw: true,
    trim: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: refuseOnce(refuse),
  })
  // When reading the file fails, the loop below throws that error.
  pipeline(createReadStream(file, 'utf8'), withUnixLineEnds, rows, () => undefined)
  for await (const { record, info, raw } of rows as AsyncIterable<Row>) {
    const line = info.lines - raw.trimEnd().split('\n').length + 1
    if (record.email === '') refuse(line, 'no address')
    else yield { line, name: oneLine(record.name), email: record.email.toLowerCase(), city: record.city }
  }
}

interface CsvFault {
  readonly code: string
  readonly lines?: unknown
}

/** The parser tells of a stray quote once for each further quote on the line. */
function refuseOnce(refuse: Refuse): (fault: CsvFault | undefined) => undefined {
  let last = 0
  return (fault) => {
    const line = Number(fault?.lines)
    if (line !== last) refuse(line, reasons.get(fault?.code ?? '') ?? 'not readable')
    last = line
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['CSV_RECORD_INCONSISTENT_COLUMNS', 'too few or too many fields'],
  ['INVALID_OPENING_QUOTE', 'a quote inside an unquoted field'],
  ['CSV_INVALID_CLOSING_QUOTE', 'text after a closing quote'],
  ['CSV_QUOTE_NOT_CLOSED', 'a quote that is never closed'],
])

/** The parser counts the line end of Windows as two lines where it stands inside quotes. */
async function* withUnixLineEnds(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let half = ''
  for await (const chunk of chunks) {
    const text = half + chunk
    half = text.endsWith('\r') ? '\r' : ''
    yield text.slice(0, text.length - half.length).replaceAll('\r\n', '\n')
  }
  yield half
}

/** A name goes into a subject, where no line may end. */
function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}

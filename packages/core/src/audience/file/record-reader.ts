import type { FilePlan } from '../plan.js'
import type { Dialect } from './cut-record.js'
import { type Piece, type Place, cutRecords } from './cut-records.js'
import type { FileSystem } from './file-system.js'
import { type Decode, type OpenDecode, decoderOf } from './text-decoder.js'
import { FileWindow, unitBytes } from './window.js'

/** One record: its text, or why it has none. */
export type Row =
  | { readonly line: number; readonly text: string; readonly quoted: boolean }
  | { readonly line: number; readonly fault: string }

/** What is known of a file before its records are read. CSV has a delimiter. */
export interface RecordFile extends Pick<FilePlan, 'path' | 'encoding'> {
  readonly size: number
  readonly delimiter?: string | undefined
  readonly readBytes?: number | undefined
}

/** Bytes of the longest record. */
const longestRecord = 1024 * 1024
/** A batch ends here at the latest, with fewer rows than asked for, or none. */
const mostBytes = 8 * longestRecord

/** Reads the records of a file from any place on, in memory that does not depend on the file. */
export class RecordReader {
  readonly #window: FileWindow
  readonly #size: number
  readonly #encoding: FilePlan['encoding']
  readonly #dialect: Dialect
  readonly #openDecode: OpenDecode

  constructor(files: FileSystem, file: RecordFile) {
    this.#window = new FileWindow(files, file)
    this.#size = file.size
    this.#encoding = file.encoding
    this.#dialect = dialectOf(file)
    this.#openDecode = decoderOf(file.encoding)
  }

  /** At most so many records, blank lines not counted, and the place behind them. */
  async read(from: Place, most: number): Promise<{ readonly rows: readonly Row[]; readonly next: Place }> {
    const rows: Row[] = []
    let place = from
    let least = 1
    while (rows.length < most && place.offset < this.#size && place.offset - from.offset < mostBytes) {
      const window = await this.#window.at(place.offset, least)
      const { pieces, next } = cutRecords(window, place, most - rows.length, this.#dialect)
      const [first, last] = [pieces[0], pieces.at(-1)]
      if (first !== undefined && last !== undefined) {
        const decode = this.#openDecode(window.bytes, first.start, last.end)
        for (const piece of pieces) rows.push(this.#row(piece, decode))
      }
      // Where no record ends in what is at hand, twice as much is read next.
      least = next.offset === place.offset ? 2 * (window.offset + window.bytes.length - place.offset) : 1
      place = next
    }
    return { rows, next: place }
  }

  #row({ line, start, end, quoted, fault }: Piece, decode: Decode): Row {
    if (fault !== undefined) return { line, fault: faults[fault] }
    const text = decode(start, end)
    return text === undefined ? { line, fault: `is not valid ${this.#encoding.toUpperCase()}` } : { line, text, quoted }
  }
}

const faults = {
  quote: 'has a quote that is not closed, or one where none may be',
  long: 'is longer than 1 MiB',
} as const

function dialectOf({ delimiter, encoding }: RecordFile): Dialect {
  return {
    quote: delimiter === undefined ? -1 : 0x22,
    delimiter: delimiter?.charCodeAt(0) ?? -1,
    pairs: encoding === 'gb18030',
    limit: longestRecord / unitBytes(encoding),
  }
}

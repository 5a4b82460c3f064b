import type { FileEncoding } from '../plan.js'
import type { Units } from './cut-record.js'
import type { FileSystem } from './file-system.js'
import { readSpan } from './read-span.js'

/** A part of a file in memory. UTF-16 is little-endian here, whatever the file is. */
export interface Window {
  readonly offset: number
  readonly bytes: Buffer
  readonly units: Units
  /** The file ends with it. */
  readonly ended: boolean
}

interface WindowedFile {
  readonly path: string
  readonly size: number
  readonly encoding: FileEncoding
  /** Bytes that are read at once, unless a record is longer; 256 KiB unless told. */
  readonly readBytes?: number | undefined
}

/** Reads a file through a window that moves on, and grows where a record does not fit. */
export class FileWindow {
  readonly #files: FileSystem
  readonly #path: string
  readonly #size: number
  readonly #encoding: FileEncoding
  readonly #readBytes: number
  #window: Window | undefined

  constructor(files: FileSystem, { path, size, encoding, readBytes = 256 * 1024 }: WindowedFile) {
    this.#files = files
    this.#path = path
    this.#size = size
    this.#encoding = encoding
    this.#readBytes = readBytes
  }

  /** With at least so many bytes from `offset` on, or all that are left. */
  async at(offset: number, least: number): Promise<Window> {
    const known = this.#window
    if (known !== undefined && known.offset <= offset && reaches(known, offset + least)) return known
    const window = await this.#read(offset, Math.min(this.#size - offset, Math.max(least, this.#readBytes)))
    this.#window = window
    return window
  }

  async #read(offset: number, length: number): Promise<Window> {
    // Of its own memory: a view of 16-bit units has to begin at an even place.
    const bytes = Buffer.allocUnsafeSlow(length)
    await readSpan(this.#files, this.#path, bytes, offset)
    return { offset, bytes, units: unitsOf(bytes, this.#encoding), ended: offset + length === this.#size }
  }
}

function reaches({ offset, bytes, ended }: Window, end: number): boolean {
  return ended || offset + bytes.length >= end
}

/** Makes UTF-16 little-endian, and answers its units in the order of this machine. */
function unitsOf(bytes: Buffer, encoding: FileEncoding): Units {
  if (unitBytes(encoding) === 1) return bytes
  const even = bytes.subarray(0, bytes.length & ~1)
  if (encoding === 'utf-16be') even.swap16()
  const own = isLittleEndian ? even : Buffer.from(even).swap16()
  return new Uint16Array(own.buffer, own.byteOffset, own.length / 2)
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

export function unitBytes(encoding: FileEncoding): 1 | 2 {
  return encoding === 'utf-16le' || encoding === 'utf-16be' ? 2 : 1
}

import { open, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { headerBytes, isWhole, nextMark, readHeader } from './record.js'
import type { RawRecord } from './record.js'

const opening = Buffer.from('RKSPOOL1')
/** The opening, and the offset up to which every record is accepted. */
const prefixBytes = 16
const chunkBytes = 2 ** 20

export interface SpoolPage {
  readonly records: readonly RawRecord[]
  /** Behind the last of them, and what was torn before. */
  readonly next: number
  /** Bytes of what was torn. */
  readonly torn: number
}

/** A file that only grows, and the place in it up to which it was accepted. Its calls must not overlap, but for `read`. */
export class SpoolFile {
  /** Messages that are not accepted yet. */
  messages = 0

  private constructor(
    readonly origin: string,
    private readonly path: string,
    private readonly handle: FileHandle,
    /** Behind the last whole record: what a failed write left there is written over. */
    private end: number,
    private drained: number,
  ) {}

  static async create(path: string, origin: string): Promise<SpoolFile> {
    const handle = await open(path, 'wx+', 0o600)
    const file = new SpoolFile(origin, path, handle, prefixBytes, prefixBytes)
    try {
      await file.mark(prefixBytes)
      return file
    } catch (error) {
      await file.remove()
      throw error
    }
  }

  /** One of a process that died, which may have died in the middle of a record. */
  static async adopt(path: string, origin: string): Promise<SpoolFile> {
    const handle = await open(path, 'r+')
    try {
      const { size } = await handle.stat()
      const prefix = Buffer.alloc(prefixBytes)
      await handle.read(prefix, 0, prefixBytes, 0)
      const drained = prefix.subarray(0, 8).equals(opening) ? Number(prefix.readBigUInt64LE(8)) : prefixBytes
      const file = new SpoolFile(origin, path, handle, size, Math.min(Math.max(drained, prefixBytes), size))
      await file.#count()
      return file
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** What it takes on the disk. */
  get bytes(): number {
    return this.end
  }

  get isDrained(): boolean {
    return this.drained >= this.end
  }

  /** All or nothing: what a write that fails has left is no record, and is cut off. */
  async append(bytes: Buffer, messages: number, sync: boolean): Promise<void> {
    try {
      await writeAll(this.handle, bytes, this.end)
      if (sync) await this.handle.datasync()
    } catch (error) {
      await this.handle.truncate(this.end).catch(() => {})
      throw error
    }
    this.end += bytes.length
    this.messages += messages
  }

  sync(): Promise<void> {
    return this.handle.datasync()
  }

  /** The next records that are not accepted, some at least, a megabyte or so at once. */
  async read(most: number): Promise<SpoolPage> {
    const { end } = this
    let offset = this.drained
    let torn = 0
    let wanted = chunkBytes
    while (offset < end) {
      const asked = Math.min(wanted, end - offset)
      const chunk = await this.#chunk(offset, asked)
      // Shorter than it should be: somebody has cut the file.
      const page = parse(chunk, most, chunk.length < asked ? chunk.length : end - offset)
      if (chunk.length === 0) break
      if (page.records.length > 0) return { records: page.records, next: offset + page.read, torn: torn + page.torn }
      torn += page.torn
      offset += page.read
      // One record that is longer than a chunk, or nothing but what is torn.
      wanted = Math.max(chunkBytes, page.needs)
    }
    return { records: [], next: end, torn }
  }

  /** Everything before `offset` is accepted. */
  async mark(offset: number, messages = 0): Promise<void> {
    const prefix = Buffer.alloc(prefixBytes)
    opening.copy(prefix)
    prefix.writeBigUInt64LE(BigInt(offset), 8)
    await writeAll(this.handle, prefix, 0)
    this.drained = offset
    this.messages = Math.max(0, this.messages - messages)
  }

  async remove(): Promise<void> {
    await this.handle.close()
    await unlink(this.path)
  }

  close(): Promise<void> {
    return this.handle.close()
  }

  async #chunk(offset: number, length: number): Promise<Buffer> {
    const chunk = Buffer.allocUnsafe(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await this.handle.read(chunk, filled, length - filled, offset + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return chunk.subarray(0, filled)
  }

  /** From head to head, as far as records are whole. */
  async #count(): Promise<void> {
    for (let offset = this.drained; offset < this.end; ) {
      const header = readHeader(await this.#chunk(offset, headerBytes), 0)
      if (header === undefined || offset + header.length > this.end) return
      this.messages += header.messages
      offset += header.length
    }
  }
}

interface Parsed {
  readonly records: RawRecord[]
  readonly read: number
  readonly torn: number
  /** The length of a record that begins here and is longer than the chunk. */
  readonly needs: number
}

/** `left`: bytes of the file from where the chunk begins. A chunk that is not all of them may end within a record. */
function parse(chunk: Buffer, most: number, left: number): Parsed {
  const records: RawRecord[] = []
  const isAll = chunk.length === left
  let offset = 0
  let torn = 0
  while (offset < chunk.length && records.length < most) {
    const header = readHeader(chunk, offset)
    const fits = header !== undefined && offset + header.length <= chunk.length
    const record = fits ? chunk.subarray(offset, offset + header.length) : undefined
    if (record !== undefined && header !== undefined && isWhole(record, header)) {
      records.push({ bytes: record, messages: header.messages })
      offset += header.length
      continue
    }
    const cutOff = header === undefined ? offset + headerBytes > chunk.length : offset + header.length <= left && !fits
    if (cutOff && !isAll) return { records, read: offset, torn, needs: header?.length ?? 0 }
    const next = nextMark(chunk, offset + 1)
    const goOn = next >= 0 ? next : isAll ? chunk.length : Math.max(offset + 1, chunk.length - headerBytes)
    torn += goOn - offset
    offset = goOn
  }
  return { records, read: offset, torn, needs: 0 }
}

async function writeAll(handle: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, offset + written)
    written += bytesWritten
  }
}

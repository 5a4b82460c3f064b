import { crc32 } from 'node:zlib'
import { dedupeDigest } from '../intake/digest.js'
import type { NewMessage, NewParcel } from '../spec/index.js'

/** Opens every record, so that the next one is found behind one that is torn. */
const mark = Buffer.from('RKS1')
/** Mark, length of the text, CRC-32 of the count and the text, count of messages. */
export const headerBytes = 14
const schema = 1

/** One parcel in the spool. */
export interface SpoolRecord {
  /** When it was spooled, by the store's clock. */
  readonly at: number
  readonly parcel: NewParcel
}

/** A record as it stands in a file. */
export interface RawRecord {
  readonly bytes: Buffer
  readonly messages: number
}

export function encodeRecord({ at, parcel }: SpoolRecord): Buffer {
  const { id, tenant, entries, messages } = parcel
  const text = JSON.stringify({ schema, at, id, tenant, entries, messages: messages.map(plain(id)) })
  const length = Buffer.byteLength(text)
  const bytes = Buffer.allocUnsafe(headerBytes + length)
  mark.copy(bytes)
  bytes.writeUInt32LE(length, 4)
  bytes.writeUInt16LE(messages.length, 12)
  bytes.write(text, headerBytes)
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8)
  return bytes
}

/**
 * A message that has no key is given one of its own: were its record accepted, and once more when the store has
 * forgotten the parcel, the second would be a duplicate.
 */
function plain(parcel: string): (message: NewMessage, position: number) => NewMessage {
  return ({ type, version, recipient, inline, data, lane, labels, sandbox, expires, digest }, position) => {
    const key = digest ?? dedupeDigest('', 'spool', parcel, String(position))
    return { type, version, recipient, inline, data, lane, labels, sandbox, expires, digest: key }
  }
}

/** Undefined where this version of the app cannot read it. */
export function decodeRecord({ bytes }: RawRecord): SpoolRecord | undefined {
  try {
    const parsed = JSON.parse(bytes.toString('utf8', headerBytes)) as NewParcel & { schema: number; at: number }
    if (parsed.schema !== schema) return undefined
    const { at, id, tenant, messages, entries } = parsed
    return { at, parcel: { id, tenant, messages: messages.map(whole), entries, announced: true } }
  } catch {
    return undefined
  }
}

/** JSON leaves out what is undefined. */
function whole(message: NewMessage): NewMessage {
  return { ...message, inline: message.inline, expires: message.expires, digest: message.digest }
}

export interface Header {
  readonly length: number
  readonly crc: number
  readonly messages: number
}

/** Undefined where no record begins here. */
export function readHeader(bytes: Buffer, offset: number): Header | undefined {
  if (offset + headerBytes > bytes.length || bytes.compare(mark, 0, 4, offset, offset + 4) !== 0) return undefined
  const length = headerBytes + bytes.readUInt32LE(offset + 4)
  return { length, crc: bytes.readUInt32LE(offset + 8), messages: bytes.readUInt16LE(offset + 12) }
}

export function isWhole(record: Buffer, { crc }: Header): boolean {
  return crc32(record.subarray(12)) === crc
}

/** Where the next record may begin, behind what is torn; -1 where none does. */
export function nextMark(bytes: Buffer, from: number): number {
  return bytes.indexOf(mark, from)
}

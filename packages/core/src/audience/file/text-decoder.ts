import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { ReachError } from '../../spec/index.js'
import type { FileEncoding } from '../plan.js'

/** The text between two places; undefined where the bytes are not of the encoding. */
export type Decode = (start: number, end: number) => string | undefined

/** Gets ready to decode parts of what stands between two places of a buffer. UTF-16 is little-endian there. */
export type OpenDecode = (bytes: Buffer, start: number, end: number) => Decode

/** @throws ReachError `REACH_AUDIENCE_INVALID` where this Node was built without the encoding. */
export function decoderOf(encoding: FileEncoding): OpenDecode {
  if (encoding === 'utf-8') return openUtf8
  const decoder = createDecoder(encoding)
  return (bytes) => (start, end) => {
    try {
      return decoder.decode(bytes.subarray(start, end))
    } catch {
      return undefined
    }
  }
}

/** One look at all of it costs far less than one at each record. */
function openUtf8(bytes: Buffer, from: number, to: number): Decode {
  const isSound = isUtf8(bytes.subarray(from, to))
  return (start, end) =>
    isSound || isUtf8(bytes.subarray(start, end)) ? bytes.toString('utf8', start, end) : undefined
}

function createDecoder(encoding: FileEncoding): TextDecoder {
  const label = encoding === 'gb18030' ? encoding : 'utf-16le'
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true })
  } catch (cause) {
    throw new ReachError('REACH_AUDIENCE_INVALID', `This Node has no decoder of ${encoding}.`, { cause })
  }
}

import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import type { NewParcel } from '@reachkit/core/spec'
import { plainParcel } from '../worker/plain-parcel.js'

/** What the first byte says of the rest. */
const asJson = 0
const asBrotli = 1
/** Shorter texts gain too little. */
const leastCompressed = 1_024

export function packParcel(parcel: NewParcel): Uint8Array {
  const text = Buffer.from(JSON.stringify(plainParcel(parcel)))
  if (text.length < leastCompressed) return Buffer.concat([Buffer.of(asJson), text])
  const params = { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_SIZE_HINT]: text.length }
  return Buffer.concat([Buffer.of(asBrotli), brotliCompressSync(text, { params })])
}

/** Undefined for what another release has packed in a way that this one does not know. */
export function unpackParcel(packed: Uint8Array): NewParcel | undefined {
  const [kind] = packed
  const rest = packed.subarray(1)
  if (kind !== asJson && kind !== asBrotli) return undefined
  try {
    const text = kind === asJson ? Buffer.from(rest) : brotliDecompressSync(rest)
    return JSON.parse(text.toString('utf8')) as NewParcel
  } catch {
    return undefined
  }
}

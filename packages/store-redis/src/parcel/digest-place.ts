import { digestHashes } from '../keys.js'

/** Which of the hashes a digest is kept in, and its name there: without its first byte, which the hash tells. */
export function digestPlace(digest: string): { readonly hash: number; readonly field: Buffer } {
  const bytes = Buffer.from(digest, 'latin1')
  const hash = ((bytes[0] ?? 0) * 16 + ((bytes[1] ?? 0) >> 4)) % digestHashes
  return { hash, field: bytes.subarray(1) }
}

import { createHash } from 'node:crypto'

const longest = 64

/**
 * message/channel/address: the same on every attempt and takeover, another one for another address. The address goes
 * in as 53 bits of FNV-1a, which is quick and enough to tell the few addresses of one message and channel apart.
 */
export function idempotencyKey(message: string, channel: string, address: unknown): string {
  const key = `${message}.${channel}.${fnv(typeof address === 'string' ? address : JSON.stringify(address))}`
  return key.length <= longest ? key : createHash('sha256').update(key).digest('base64url')
}

/** Two runs of FNV-1a (Fowler, Noll and Vo, RFC 9923) over the characters, with different offsets. */
function fnv(text: string): string {
  let low = 0x811c9dc5
  let high = 0x01000193
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul(high ^ code, 0x01000193)
  }
  return (((high >>> 0) & 0x1fffff) * 2 ** 32 + (low >>> 0)).toString(36)
}

import { createHash } from 'node:crypto'

const longest = 64

/**
 * message/channel/address: the same on every attempt and takeover, another one for another address, and for each time
 * that a person has it sent once more: `resend` is the step at which that was. The address goes in as 64 bits of
 * FNV-1a, which is quick and enough to tell the few addresses of one message and channel apart.
 */
export function idempotencyKey(message: string, channel: string, address: unknown, resend?: number): string {
  const first = `${message}.${channel}.${fnv(typeof address === 'string' ? address : JSON.stringify(address))}`
  const key = resend === undefined ? first : `${first}.${resend}`
  return key.length <= longest ? key : createHash('sha256').update(key).digest('base64url')
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Two characters of base64url for each 12 bits: ten times as quick as a number's `toString(36)`. */
const pairs: readonly string[] = Array.from({ length: 4_096 }, (_, bits) => digit(bits >> 6) + digit(bits))

function digit(bits: number): string {
  return alphabet.charAt(bits & 63)
}

function pair(bits: number): string {
  return pairs[bits & 0xfff] ?? ''
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
  const middle = ((high & 0xff) << 4) | (low >>> 28)
  return pair(high >>> 20) + pair(high >>> 8) + pair(middle) + pair(low >>> 16) + pair(low >>> 4) + digit(low)
}

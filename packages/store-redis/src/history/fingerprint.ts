/** An index of a period is cut into so many parts, each of which a search reads as a whole. */
const indexParts = 64
/** What stands behind the part. */
export const recipientBytes = 4
export const providerIdBytes = 6
export const providerBytes = 2
/** Behind a fingerprint: the number of the parcel, and the position. */
export const placeBytes = 6

/**
 * What stands for a text in an index: the part that it is in, and some bytes. Two texts may have the same one, which a
 * recipient is checked for when it is read; among ids of providers, 54 bits make it as good as impossible.
 */
export function fingerprint(text: string, into: Buffer, at: number, bytes: number): void {
  let low = 0xdeadbeef
  let high = 0x41c6ce57
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    low = Math.imul(low ^ code, 2_654_435_761)
    high = Math.imul(high ^ code, 1_597_334_677)
  }
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  for (let index = 0; index < bytes; index += 1) {
    const word = index < 4 ? low : high
    into[at + index] = (word >>> ((index % 4) * 8)) & 0xff
  }
}

/** The part that the first byte of a fingerprint tells. */
export function partOf(first: number | undefined): number {
  return (first ?? 0) % indexParts
}

/** One after the other: of each recipient the part, and what it is known by there. */
export function recipientPrints(tenant: string, recipients: readonly string[]): Buffer {
  const size = 1 + recipientBytes
  const prints = Buffer.allocUnsafe(recipients.length * size)
  for (const [index, recipient] of recipients.entries()) {
    fingerprint(`${tenant}\n${recipient}`, prints, index * size, size)
  }
  return prints
}

const providers = new Map<string, Buffer>()

function providerPrint(provider: string): Buffer {
  const known = providers.get(provider)
  if (known !== undefined) return known
  const print = Buffer.alloc(providerBytes)
  fingerprint(provider, print, 0, providerBytes)
  if (providers.size < 1_000) providers.set(provider, print)
  return print
}

/** The id of a message at a provider: the part, what it is known by there, and the provider. */
export const providerPrintBytes: number = 1 + providerIdBytes + providerBytes

export function printProviderId(provider: string, providerId: string, into: Buffer, at: number): void {
  fingerprint(providerId, into, at, 1 + providerIdBytes)
  providerPrint(provider).copy(into, at + 1 + providerIdBytes)
}

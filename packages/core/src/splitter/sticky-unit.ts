import { createHash } from 'node:crypto'

/**
 * A number in [0, 1) that always belongs to this key and salt: in every process, on every machine, in every release.
 * Given to a splitter's `pick`, it keeps a recipient (or a message) with one choice. The salt names what is chosen,
 * such as a route; with another salt the same keys fall anew and independently.
 *
 * It is the first 53 bits of SHA-256 over the JSON text of `[salt, key]`, divided by 2^53. Another way to compute it
 * would reshuffle every user: a golden test guards it.
 */
export function stickyUnit(key: string, salt: string): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([salt, key]))
    .digest()
  return (digest.readUInt32BE(0) * 2 ** 21 + (digest.readUInt32BE(4) >>> 11)) / 2 ** 53
}

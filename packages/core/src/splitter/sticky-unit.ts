import { hash } from 'node:crypto'

/**
 * A number in [0, 1) that always belongs to these texts in this order: in every process, on every machine, in every
 * release; for other texts it falls anew and independently.
 *
 * It is the first 53 bits of SHA-256 over their JSON text, divided by 2^53. Another way to compute it would reshuffle
 * every user: a golden test guards it.
 */
export function stickyUnit(...texts: readonly string[]): number {
  const digest = hash('sha256', JSON.stringify(texts), 'buffer')
  return (digest.readUInt32BE(0) * 2 ** 21 + (digest.readUInt32BE(4) >>> 11)) / 2 ** 53
}

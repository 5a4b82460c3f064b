import { randomBytes } from 'node:crypto'
import type { Random } from '../spec/index.js'

/** Chance of this machine: quick for jitter and splits, of cryptographic quality for bytes. */
export const systemRandom: Random = {
  next: () => Math.random(),
  bytes: (length) => randomBytes(length),
}

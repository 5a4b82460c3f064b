import type { Random } from '@reachkit/core/spec'

/**
 * Chance that repeats itself: the same seed draws the same numbers on every machine. Not for secrets.
 *
 * Source: sfc32 of Chris Doty-Humphrey's PractRand, begun as its `seed(Uint64)`: the two halves of the seed in `b` and
 * `c`, a counter of 1, and 12 numbers thrown away.
 */
export function seededRandom(seed: number): Random {
  const draw = sfc32(seed)
  return {
    next: () => draw() / 2 ** 32,
    bytes: (length) => Uint8Array.from({ length }, () => draw() >>> 24),
  }
}

function sfc32(seed: number): () => number {
  let [a, b, c, counter] = [0, seed | 0, Math.floor(seed / 2 ** 32) | 0, 1]
  function draw(): number {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let thrown = 0; thrown < 12; thrown += 1) draw()
  return draw
}

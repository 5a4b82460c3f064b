import { describe, expect, it } from 'vitest'
import { seededRandom } from './seeded-random.js'

describe('seededRandom', () => {
  it('draws the same numbers from the same seed', () => {
    const draw = (seed: number): number[] => {
      const random = seededRandom(seed)
      return Array.from({ length: 5 }, () => random.next())
    }
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    expect(draw(2 ** 32 + 1)).not.toEqual(draw(1))
  })

  it('draws evenly from [0, 1)', () => {
    const random = seededRandom(42)
    const drawn = Array.from({ length: 100_000 }, () => random.next())
    const counts = Array.from(
      { length: 10 },
      (_, tenth) => drawn.filter((number) => Math.floor(number * 10) === tenth).length,
    )
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...drawn)).toBeLessThan(1)
    expect(Math.min(...counts)).toBeGreaterThan(9_700)
    expect(Math.max(...counts)).toBeLessThan(10_300)
  })

  it('draws as many bytes as asked for, of every value', () => {
    const bytes = seededRandom(7).bytes(10_000)
    expect(bytes).toHaveLength(10_000)
    expect(new Set(bytes).size).toBe(256)
    expect(seededRandom(7).bytes(3)).toEqual(bytes.slice(0, 3))
  })
})

import { describe, expect, it } from 'vitest'
import { chiSquarePValue, upperTail } from './chi-square.js'
import { seededDraw } from './seeded-draw.js'

describe('upperTail', () => {
  // Critical values of the chi-square distribution: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4.
  it.each([
    [3.841, 1, 0.05],
    [10.828, 1, 0.001],
    [13.816, 2, 0.001],
    [4.605, 2, 0.1],
    [29.588, 10, 0.001],
    [124.342, 100, 0.05],
    [149.449, 100, 0.001],
  ])('of %d with %i degrees of freedom is %d', (statistic, freedom, expected) => {
    expect(upperTail(statistic, freedom) / expected).toBeCloseTo(1, 2)
  })

  it('is the closed form where there is one', () => {
    for (const statistic of [0.001, 0.5, 2, 5.9, 6.1, 30, 200]) {
      expect(upperTail(statistic, 2)).toBeCloseTo(Math.exp(-statistic / 2), 12)
      expect(upperTail(statistic, 4)).toBeCloseTo(Math.exp(-statistic / 2) * (1 + statistic / 2), 12)
    }
  })

  it('falls from 1 to 0, without a step where the two methods meet', () => {
    for (const freedom of [1, 3, 8, 101]) {
      const tails = Array.from({ length: 2_000 }, (_, index) => upperTail(index / 5, freedom))
      const drops = tails.slice(1).map((tail, index) => (tails[index] ?? 0) - tail)
      expect(tails[0]).toBe(1)
      expect(tails.at(-1)).toBeLessThan(1e-9)
      expect(Math.min(...drops)).toBeGreaterThan(-1e-12)
    }
    expect(upperTail(9.999999, 8)).toBeCloseTo(upperTail(10.000001, 8), 6)
  })
})

describe('chiSquarePValue', () => {
  it('accepts what fits and refuses what does not', () => {
    expect(chiSquarePValue([70, 30], [70, 30])).toBe(1)
    expect(chiSquarePValue([7_000, 3_000], [0.7, 0.3])).toBe(1)
    expect(chiSquarePValue([45, 55], [1, 1])).toBeCloseTo(0.3173, 4)
    expect(chiSquarePValue([400, 600], [1, 1])).toBeLessThan(1e-9)
  })

  it('leaves out what is never expected, and allows none of it', () => {
    expect(chiSquarePValue([45, 55, 0], [1, 1, 0])).toBeCloseTo(0.3173, 4)
    expect(chiSquarePValue([45, 54, 1], [1, 1, 0])).toBe(0)
  })

  it('calls about one in a thousand fair samples unfair', () => {
    const draw = seededDraw(1)
    const values = Array.from({ length: 5_000 }, () => {
      const heads = Array.from({ length: 400 }, draw).filter((number) => number < 0.5).length
      return chiSquarePValue([heads, 400 - heads], [1, 1])
    })
    const below = (limit: number) => values.filter((value) => value < limit).length / values.length
    expect(below(0.001)).toBeLessThan(0.003)
    expect(below(0.05)).toBeGreaterThan(0.03)
    expect(below(0.05)).toBeLessThan(0.07)
  })

  it('needs two possible outcomes', () => {
    expect(() => chiSquarePValue([1], [1])).toThrow(RangeError)
    expect(() => chiSquarePValue([1, 2], [1])).toThrow(RangeError)
    expect(() => chiSquarePValue([0, 0], [1, 1])).toThrow(RangeError)
  })
})

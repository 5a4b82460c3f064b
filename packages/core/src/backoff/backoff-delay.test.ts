import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Random } from '../spec/random.js'
import { backoffDelay } from './backoff-delay.js'

const drawing = (value: number): Random => ({ next: () => value, bytes: (length) => new Uint8Array(length) })
const almostOne = 1 - 2 ** -53

describe('backoffDelay', () => {
  it('doubles its ceiling with each attempt, up to the cap', () => {
    const ceilings = [0, 1, 2, 3, 4, 10].map((attempt) =>
      backoffDelay({ attempt, baseMs: 100, capMs: 1_000, random: drawing(0.5) }),
    )
    expect(ceilings).toEqual([50, 100, 200, 400, 500, 500])
  })

  it('may not wait at all, and never reaches the ceiling', () => {
    expect(backoffDelay({ attempt: 3, baseMs: 100, capMs: 1_000, random: drawing(0) })).toBe(0)
    expect(backoffDelay({ attempt: 3, baseMs: 100, capMs: 1_000, random: drawing(almostOne) })).toBe(799)
  })

  it('does not overflow', () => {
    expect(backoffDelay({ attempt: 10_000, baseMs: 100, capMs: 60_000, random: drawing(0.5) })).toBe(30_000)
    expect(backoffDelay({ attempt: 10_000, baseMs: 0, capMs: 60_000, random: drawing(0.5) })).toBe(0)
  })

  it('spreads those that a vendor told the same time', () => {
    const told = { attempt: 0, baseMs: 100, capMs: 1_000, atLeastMs: 5_000 }
    expect(backoffDelay({ ...told, random: drawing(0) })).toBe(5_000)
    expect(backoffDelay({ ...told, random: drawing(0.5) })).toBe(5_050)
  })

  it.each(['attempt', 'baseMs', 'capMs', 'atLeastMs'])('refuses a wrong %s', (field) => {
    const good = { attempt: 0, baseMs: 100, capMs: 1_000, random: drawing(0.5) }
    for (const wrong of [-1, Number.NaN, Infinity]) {
      expect(() => backoffDelay({ ...good, [field]: wrong })).toThrow(`REACH_OPTION_INVALID: ${field}`)
    }
  })

  it('stays within its bounds for any attempt, base, cap and draw', () => {
    const amount = fc.integer({ min: 0, max: 2 ** 40 })
    const draw = fc.double({ min: 0, max: almostOne, noNaN: true })
    fc.assert(
      fc.property(fc.nat(20_000), amount, amount, draw, amount, (attempt, baseMs, capMs, drawn, atLeastMs) => {
        const free = backoffDelay({ attempt, baseMs, capMs, random: drawing(drawn) })
        const told = backoffDelay({ attempt, baseMs, capMs, random: drawing(drawn), atLeastMs })
        expect(free).toBeGreaterThanOrEqual(0)
        expect(free).toBeLessThanOrEqual(Math.min(capMs, baseMs * 2 ** attempt || 0))
        expect(told).toBeGreaterThanOrEqual(atLeastMs)
        expect(told).toBe(atLeastMs + free)
      }),
    )
  })
})

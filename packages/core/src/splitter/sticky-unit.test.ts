import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquarePValue } from '@reachkit/testing'
import { stickyUnit } from './sticky-unit.js'

const keys = Array.from({ length: 20_000 }, (_, index) => `user-${index}`)

describe('stickyUnit', () => {
  // Computed with `printf '%s' '["route","user-42"]' | sha256sum`: its first 53 bits / 2^53. Never change them.
  it.each([
    [['route', 'user-42'], 0.12085906056109519],
    [['', ''], 0.26392388053622085],
    [['sms', '用户'], 0.8884931206679496],
  ])('of %j is the same in every release', (texts, expected) => {
    expect(stickyUnit(...texts)).toBe(expected)
  })

  it('is in [0, 1) and repeats itself for any texts', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }), (texts) => {
        const unit = stickyUnit(...texts)
        expect(unit >= 0 && unit < 1).toBe(true)
        expect(stickyUnit(...texts)).toBe(unit)
      }),
    )
  })

  it('spreads consecutive keys evenly', () => {
    const counts = Array.from({ length: 100 }, () => 0)
    for (const key of keys) {
      const cell = Math.floor(stickyUnit('spread', key) * 100)
      counts[cell] = (counts[cell] ?? 0) + 1
    }
    const even = counts.map(() => 1)
    expect(chiSquarePValue(counts, even)).toBeGreaterThan(0.001)
  })

  it('falls independently with another salt, and does not mix up salt and key', () => {
    const both = [0, 0, 0, 0]
    for (const key of keys) {
      const cell = (stickyUnit('one', key) < 0.5 ? 0 : 1) + (stickyUnit('two', key) < 0.5 ? 0 : 2)
      both[cell] = (both[cell] ?? 0) + 1
    }
    expect(chiSquarePValue(both, [1, 1, 1, 1])).toBeGreaterThan(0.001)
    expect(stickyUnit('a', 'b')).not.toBe(stickyUnit('ab', ''))
    expect(stickyUnit('a', 'b')).not.toBe(stickyUnit('b', 'a'))
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquarePValue } from '@reachkit/testing'
import { createSplitter } from './splitter.js'
import { stickyUnit } from './sticky-unit.js'

const keys = Array.from({ length: 20_000 }, (_, index) => `user-${index}`)

describe('stickyUnit', () => {
  // Computed with `printf '%s' '["route","user-42"]' | sha256sum`: its first 53 bits / 2^53. Never change them.
  it.each([
    ['user-42', 'route', 0.12085906056109519],
    ['', '', 0.26392388053622085],
    ['用户', 'sms', 0.8884931206679496],
  ])('of %j with salt %j is the same in every release', (key, salt, expected) => {
    expect(stickyUnit(key, salt)).toBe(expected)
  })

  it('is in [0, 1) and repeats itself for any key and salt', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (key, salt) => {
        const unit = stickyUnit(key, salt)
        expect(unit >= 0 && unit < 1).toBe(true)
        expect(stickyUnit(key, salt)).toBe(unit)
      }),
    )
  })

  it('spreads consecutive keys evenly', () => {
    const counts = Array.from({ length: 100 }, () => 0)
    for (const key of keys) {
      const cell = Math.floor(stickyUnit(key, 'spread') * 100)
      counts[cell] = (counts[cell] ?? 0) + 1
    }
    expect(
      chiSquarePValue(
        counts,
        counts.map(() => 1),
      ),
    ).toBeGreaterThan(0.001)
  })

  it('falls independently with another salt, and does not mix up salt and key', () => {
    const both = [0, 0, 0, 0]
    for (const key of keys) {
      const cell = (stickyUnit(key, 'one') < 0.5 ? 0 : 1) + (stickyUnit(key, 'two') < 0.5 ? 0 : 2)
      both[cell] = (both[cell] ?? 0) + 1
    }
    expect(chiSquarePValue(both, [1, 1, 1, 1])).toBeGreaterThan(0.001)
    expect(stickyUnit('b', 'a')).not.toBe(stickyUnit('', 'ab'))
    expect(stickyUnit('b', 'a')).not.toBe(stickyUnit('a', 'b'))
  })

  it('keeps keys with their choice: from 70/30 to 60/40 about a tenth move, all of them from a to b', () => {
    const before = createSplitter([
      ['a', 70],
      ['b', 30],
    ] as const)
    const after = createSplitter([
      ['a', 60],
      ['b', 40],
    ] as const)
    const moves = keys
      .map((key) => stickyUnit(key, 'sms'))
      .map((unit) => `${before.pick(unit)} to ${after.pick(unit)}`)
      .filter((move) => move !== 'a to a' && move !== 'b to b')
    expect(new Set(moves)).toEqual(new Set(['a to b']))
    expect(chiSquarePValue([moves.length, keys.length - moves.length], [10, 90])).toBeGreaterThan(0.001)
  })
})

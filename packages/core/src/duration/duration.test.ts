import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDuration } from './duration.js'

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['2w', 1_209_600_000],
    ['0s', 0],
    ['1.1m', 66_000],
    ['0.1s', 100],
    ['1.001s', 1_001],
    ['0.4ms', 0],
  ])('reads %s', (text, expected) => {
    expect(parseDuration(text, 'ttl')).toBe(expected)
  })

  it.each([
    '',
    '2',
    'h',
    '2 h',
    '-2h',
    '+2h',
    '1e3s',
    '0x10s',
    '.5h',
    '2.h',
    '2H',
    '2h30m',
    ' 2h',
    '2h\n',
    'Infinityh',
  ])('refuses %j', (text) => {
    expect(() => parseDuration(text, 'ttl')).toThrow(/^REACH_OPTION_INVALID: ttl must be a duration/)
  })

  it.each([7200, null, undefined, {}, ['2h'], 2n, true])('refuses what is no string: %s', (value) => {
    expect(() => parseDuration(value, 'ttl')).toThrow(/^REACH_OPTION_INVALID: ttl must be/)
  })

  it('refuses what milliseconds cannot count exactly', () => {
    expect(() => parseDuration(`${'9'.repeat(400)}ms`, 'ttl')).toThrow(/REACH_OPTION_INVALID/)
    expect(() => parseDuration('9007199254740992ms', 'ttl')).toThrow(/REACH_OPTION_INVALID/)
  })

  it('never repeats the value, which may be personal', () => {
    expect(() => parseDuration('ann@example.com', 'ttl')).toThrow(/^((?!ann@).)*$/)
  })

  it('answers whole milliseconds or throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{0,9}\.?\d{0,9}[a-z]{0,2}$/)), (text) => {
        try {
          return Number.isSafeInteger(parseDuration(text, 'ttl'))
        } catch {
          return true
        }
      }),
    )
  })
})

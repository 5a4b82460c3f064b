import { describe, expect, test } from 'vitest'
import type { HealthSettings } from './health-options.js'
import { judge, steps } from './judge.js'
import type { Case, Standing, Tally } from './judge.js'

const settings: HealthSettings = {
  windowMs: 60_000,
  attempts: 50,
  errorRate: 0.2,
  slowMs: 5_000,
  slowRate: 0.5,
  probes: 3,
}
const now = 10_000_000
const last = steps.length - 1

const tally = (attempts: number, errors = 0, slow = 0): Tally => ({ attempts, errors, slow })
const at = (step: number, sinceMs = 60_000): Standing => ({ step, movedAt: step === 0 ? 0 : now - sinceMs })
const one = (standing: Standing, seen: Tally, provider = 'a'): Case => ({ provider, standing, tally: seen })
const fit = one(at(0), tally(100), 'b')

function moveOf(first: Case, ...others: readonly Case[]): string | undefined {
  const move = judge([first, ...others], now, settings).find(({ provider }) => provider === first.provider)
  return move && `${move.from}>${move.to} ${move.reason}`
}

describe('who is ill', () => {
  test.each([
    ['too many errors', tally(50, 11), '0>1 errors'],
    ['as many errors as may be', tally(50, 10), undefined],
    ['too many slow ones', tally(50, 0, 26), '0>1 slow'],
    ['as many slow ones as may be', tally(50, 0, 25), undefined],
    ['too few attempts to tell', tally(49, 49), undefined],
    ['none at all', tally(0), undefined],
  ])('%s', (_, seen, expected) => {
    expect(moveOf(one(at(0), seen), fit)).toBe(expected)
  })

  test('goes down step by step, one a window', () => {
    expect(moveOf(one(at(1), tally(50, 50)), fit)).toBe('1>2 errors')
    expect(moveOf(one(at(1, 59_999), tally(50, 50)), fit)).toBeUndefined()
    expect(moveOf(one(at(last - 1), tally(50, 50)), fit)).toBe(`${last - 1}>${last} errors`)
  })

  test('nothing moves where all are bad', () => {
    const ill = tally(100, 90)
    expect(judge([one(at(0), ill), one(at(0), ill, 'b')], now, settings)).toEqual([])
    expect(judge([one(at(0), ill), one(at(last), tally(0), 'b')], now, settings)).toEqual([])
  })

  test('one of which nobody knows anything can take over: a standby', () => {
    expect(moveOf(one(at(0), tally(50, 50)), one(at(0), tally(0), 'b'))).toBe('0>1 errors')
  })
})

describe('who is well again', () => {
  test.each([
    ['few errors', at(2), tally(50, 5), '2>1 well'],
    ['between the two rates nobody moves', at(2), tally(50, 6), undefined],
    ['slow ones count too', at(2), tally(50, 0, 13), undefined],
    ['not before a window has passed', at(2, 59_999), tally(50), undefined],
    ['with few attempts and no failure, after three windows', at(2, 180_000), tally(4), '2>1 well'],
    ['with few attempts, not before', at(2, 179_999), tally(4), undefined],
    ['with few attempts and a failure, not at all', at(2, 180_000), tally(4, 1), undefined],
  ])('%s', (_, standing, seen, expected) => {
    expect(moveOf(one(standing, seen), fit)).toBe(expected)
  })

  test('from nothing by its probes alone', () => {
    expect(moveOf(one(at(last), tally(3)), fit)).toBe(`${last}>${last - 1} well`)
    expect(moveOf(one(at(last), tally(3, 1)), fit)).toBe(`${last}>${last} probe-failed`)
    expect(moveOf(one(at(last), tally(3, 0, 1)), fit)).toBe(`${last}>${last} probe-failed`)
    expect(moveOf(one(at(last), tally(0)), fit)).toBeUndefined()
  })
})

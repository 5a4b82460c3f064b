import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquarePValue, seededDraw } from '@reachkit/testing'
import { createSplitter } from './splitter.js'

const almostOne = 1 - 2 ** -53
const unit = fc.double({ min: 0, max: almostOne, noNaN: true })
const weight = fc.oneof(fc.constant(0), fc.nat(1_000), fc.double({ min: 1e-9, max: 1e9, noNaN: true }))
const someChoices = fc
  .array(weight, { minLength: 1, maxLength: 12 })
  .filter((weights) => weights.some((value) => value > 0))
  .map((weights) => weights.map((value, index) => [index, value] as const))

function countPicks(weights: readonly number[], picks: number, seed: number): number[] {
  const splitter = createSplitter(weights.map((value, index) => [index, value]))
  const draw = seededDraw(seed)
  const counts = weights.map(() => 0)
  for (let index = 0; index < picks; index++) {
    const choice = splitter.pick(draw())
    counts[choice] = (counts[choice] ?? 0) + 1
  }
  return counts
}

describe('pick', () => {
  it.each([
    { weights: [70, 30], seed: 11 },
    { weights: [1, 1, 1], seed: 12 },
    { weights: [99.9, 0.1], seed: 13 },
    { weights: [50, 0, 30, 20], seed: 14 },
    { weights: [0, 1, 2, 0], seed: 15 },
  ])('splits a million as $weights says', ({ weights, seed }) => {
    const counts = countPicks(weights, 1_000_000, seed)
    expect(chiSquarePValue(counts, weights)).toBeGreaterThan(0.001)
    for (const [index, value] of weights.entries()) if (value === 0) expect(counts[index]).toBe(0)
  })

  it('would be caught one part in two hundred off', () => {
    expect(chiSquarePValue(countPicks([70.5, 29.5], 1_000_000, 11), [70, 30])).toBeLessThan(0.001)
  })

  it('gives the lowest number to the first choice and the highest to the last', () => {
    const splitter = createSplitter([
      ['none', 0],
      ['first', 70],
      ['last', 30],
      ['standby', 0],
    ])
    expect(splitter.pick(0)).toBe('first')
    expect(splitter.pick(0.7 - 1e-12)).toBe('first')
    expect(splitter.pick(0.7)).toBe('last')
    expect(splitter.pick(almostOne)).toBe('last')
  })

  it('always picks a choice with a weight, whatever the rounding', () => {
    fc.assert(
      fc.property(someChoices, fc.oneof(unit, fc.constant(almostOne)), (choices, random) => {
        const picked = createSplitter(choices).pick(random)
        expect(choices[picked]?.[1]).toBeGreaterThan(0)
      }),
    )
  })

  it('takes any value as a choice', () => {
    const splitter = createSplitter<null | undefined>([
      [undefined, 1],
      [null, 1],
    ])
    expect([splitter.pick(0.1), splitter.pick(0.9)]).toEqual([undefined, null])
  })
})

describe('pickExcept', () => {
  const splitter = createSplitter([
    ['a', 60],
    ['b', 30],
    ['c', 10],
    ['first standby', 0],
    ['second standby', 0],
  ])

  it('keeps the proportions of those that are left', () => {
    const draw = seededDraw(21)
    const counts = { a: 0, b: 0, c: 0, other: 0 }
    for (let index = 0; index < 200_000; index++) {
      const picked = splitter.pickExcept(draw(), new Set(['a']))
      counts[picked === 'b' || picked === 'c' ? picked : 'other']++
    }
    expect(chiSquarePValue(Object.values(counts), [0, 3, 1, 0])).toBeGreaterThan(0.001)
  })

  it('falls back on standbys in their order, and then on nothing', () => {
    const failed = new Set(['a', 'b', 'c'])
    expect(splitter.pickExcept(0.99, failed)).toBe('first standby')
    expect(splitter.pickExcept(0.99, failed.add('first standby'))).toBe('second standby')
    expect(splitter.pickExcept(0.99, failed.add('second standby'))).toBeUndefined()
  })

  it('is pick where nothing is excluded, and never answers what is excluded', () => {
    const excluding = fc.uniqueArray(fc.nat(11)).map((indexes) => new Set(indexes))
    fc.assert(
      fc.property(someChoices, unit, excluding, (choices, random, excluded) => {
        const some = createSplitter(choices)
        const picked = some.pickExcept(random, excluded)
        expect(some.pickExcept(random, new Set())).toBe(some.pick(random))
        if (picked === undefined) expect(choices.every(([choice]) => excluded.has(choice))).toBe(true)
        else expect(excluded.has(picked)).toBe(false)
        const left = choices.filter(([choice]) => !excluded.has(choice))
        if (left.some(([, value]) => value > 0)) expect(choices[picked ?? -1]?.[1]).toBeGreaterThan(0)
      }),
    )
  })
})

describe('createSplitter', () => {
  it.each([
    { weights: [] },
    { weights: [0, 0] },
    { weights: [1, -1] },
    { weights: [1, Number.NaN] },
    { weights: [1, Infinity] },
    { weights: [1e308, 1e308] },
  ])('refuses $weights', ({ weights }) => {
    expect(() => createSplitter(weights.map((value, index) => [index, value]))).toThrow(/^REACH_WEIGHTS_INVALID/)
  })

  it('says which weight is wrong, and not what is chosen', () => {
    for (const wrong of [-1, Number.NaN, Infinity]) {
      const choices = [['ann@example.com', 1] as const, ['bob@example.com', wrong] as const]
      expect(() => createSplitter(choices)).toThrow(/^REACH_WEIGHTS_INVALID: The weight of choice 2 must/)
    }
  })

  it('keeps what it was given, whatever happens to that', () => {
    const choices: [string, number][] = [
      ['a', 1],
      ['b', 0],
    ]
    const splitter = createSplitter(choices)
    choices.forEach((choice) => choice.splice(0, 2, 'c', 5))
    expect(splitter.pick(0.5)).toBe('a')
    expect(splitter.weights).toEqual([
      ['a', 1],
      ['b', 0],
    ])
    expect(Object.isFrozen(splitter) && Object.isFrozen(splitter.weights)).toBe(true)
  })
})

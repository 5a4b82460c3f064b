import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquarePValue } from '@reachkit/testing'
import { createStickySplitter } from './sticky-splitter.js'

const names = ['ses', 'smtp', 'aliyun', 'tencent', 'twilio', 'sns']
const keys = Array.from({ length: 20_000 }, (_, index) => `user-${index}`)

const weight = fc.oneof(fc.constant(0), fc.nat(1_000), fc.double({ min: 1e-9, max: 1e9, noNaN: true }))
const someChoices = fc
  .array(weight, { minLength: 1, maxLength: names.length })
  .filter((weights) => weights.some((value) => value > 0))
  .map((weights) => weights.map((value, index) => [names[index] ?? '', value] as const))
const someKeys = fc.array(fc.string(), { minLength: 20, maxLength: 50 })

describe('pick', () => {
  // Never change them: another answer would reshuffle every user.
  it('is the same in every release', () => {
    const splitter = createStickySplitter(
      [
        ['ses', 50],
        ['smtp', 30],
        ['aliyun', 20],
      ],
      'email',
    )
    expect(['user-1', 'user-2', 'user-3', 'user-4', '', '用户'].map((key) => splitter.pick(key))).toEqual([
      'ses',
      'ses',
      'ses',
      'aliyun',
      'ses',
      'aliyun',
    ])
  })

  it.each([
    { weights: [70, 30] },
    { weights: [1, 1, 1] },
    { weights: [0.7, 0.2, 0.1] },
    { weights: [50, 0, 30, 20] },
    { weights: [99, 1] },
  ])('splits users as $weights says', ({ weights }) => {
    const splitter = createStickySplitter(
      weights.map((value, index) => [names[index] ?? '', value]),
      'sms',
    )
    const counts = weights.map(() => 0)
    for (const key of keys) {
      const index = names.indexOf(splitter.pick(key) ?? '')
      counts[index] = (counts[index] ?? 0) + 1
    }
    expect(chiSquarePValue(counts, weights)).toBeGreaterThan(0.001)
  })

  it('falls independently with another salt', () => {
    const halves = ['one', 'two'].map((salt) =>
      createStickySplitter(
        [
          ['ses', 1],
          ['smtp', 1],
        ],
        salt,
      ),
    )
    const both = [0, 0, 0, 0]
    for (const key of keys) {
      const cell = (halves[0]?.pick(key) === 'ses' ? 0 : 1) + (halves[1]?.pick(key) === 'ses' ? 0 : 2)
      both[cell] = (both[cell] ?? 0) + 1
    }
    expect(chiSquarePValue(both, [1, 1, 1, 1])).toBeGreaterThan(0.001)
  })

  it('keeps its answer in another order, and under weights of the same proportion', () => {
    fc.assert(
      fc.property(someChoices, someKeys, (choices, some) => {
        const splitter = createStickySplitter(choices, 'salt')
        const turned = createStickySplitter(choices.toReversed(), 'salt')
        const doubled = createStickySplitter(
          choices.map(([name, value]) => [name, value * 2] as const),
          'salt',
        )
        const live = choices.filter(([, value]) => value > 0).map(([name]) => name)
        for (const key of some) {
          expect(live).toContain(splitter.pick(key))
          expect(turned.pick(key)).toBe(splitter.pick(key))
          expect(doubled.pick(key)).toBe(splitter.pick(key))
        }
      }),
    )
  })

  it('always picks a choice with a weight, however small', () => {
    const splitter = createStickySplitter(
      [
        ['ses', Number.MIN_VALUE],
        ['smtp', 0],
      ],
      'salt',
    )
    expect(keys.slice(0, 100).every((key) => splitter.pick(key) === 'ses')).toBe(true)
  })
})

describe('a change of weights', () => {
  it('moves keys only to a choice that grew, never between two others', () => {
    fc.assert(
      fc.property(someChoices, fc.nat(names.length - 1), weight, someKeys, (choices, at, by, some) => {
        const grown = choices[at % choices.length]?.[0]
        const before = createStickySplitter(choices, 'salt')
        const after = createStickySplitter(
          choices.map(([name, value]) => [name, name === grown ? value + by : value] as const),
          'salt',
        )
        for (const key of some) {
          const [was, is] = [before.pick(key), after.pick(key)]
          if (was !== is) expect(is).toBe(grown)
        }
      }),
    )
  })

  it('moves as many as the part that changed', () => {
    const from = { ses: 50, smtp: 30, aliyun: 20 }
    const grown = movesOf(from, { ...from, smtp: 50 })
    expect(
      chiSquarePValue([grown.length, keys.length - grown.length], [50 / 120 - 0.3, 1.3 - 50 / 120]),
    ).toBeGreaterThan(0.001)
    expect(new Set(grown)).toEqual(new Set(['ses to smtp', 'aliyun to smtp']))
    const gone = movesOf(from, { ...from, aliyun: 0 })
    expect(chiSquarePValue([gone.length, keys.length - gone.length], [20, 80])).toBeGreaterThan(0.001)
    expect(new Set(gone)).toEqual(new Set(['aliyun to ses', 'aliyun to smtp']))
  })

  it('between two choices moves the difference: from 70/30 to 60/40 a tenth, all of them from a to b', () => {
    const moves = movesOf({ a: 70, b: 30 }, { a: 60, b: 40 })
    expect(new Set(moves)).toEqual(new Set(['a to b']))
    expect(chiSquarePValue([moves.length, keys.length - moves.length], [10, 90])).toBeGreaterThan(0.001)
  })
})

describe('what is excluded', () => {
  const splitter = createStickySplitter<string>(
    [
      ['ses', 60],
      ['smtp', 30],
      ['aliyun', 10],
      ['first standby', 0],
      ['second standby', 0],
    ],
    'salt',
  )

  it('sends only its own keys elsewhere, in the proportions of those that are left', () => {
    const counts = { smtp: 0, aliyun: 0, other: 0 }
    for (const key of keys) {
      const [was, is] = [splitter.pick(key), splitter.pickExcept(key, new Set(['ses']))]
      if (was !== 'ses') expect(is).toBe(was)
      else counts[is === 'smtp' || is === 'aliyun' ? is : 'other']++
    }
    expect(chiSquarePValue(Object.values(counts), [3, 1, 0])).toBeGreaterThan(0.001)
  })

  it('is pick where nothing is, and names choices that are objects by their names', () => {
    const named = createStickySplitter(
      [
        [{ name: 'ses' }, 60],
        [{ name: 'smtp' }, 30],
        [{ name: 'aliyun' }, 10],
      ],
      'salt',
    )
    for (const key of keys.slice(0, 100)) {
      expect(splitter.pickExcept(key, new Set())).toBe(splitter.pick(key))
      expect(named.pick(key).name).toBe(splitter.pick(key))
    }
  })

  it('falls back on standbys in their order, and then on nothing', () => {
    const failed = new Set(['ses', 'smtp', 'aliyun'])
    expect(splitter.pickExcept('user-1', failed)).toBe('first standby')
    expect(splitter.pickExcept('user-1', failed.add('first standby'))).toBe('second standby')
    expect(splitter.pickExcept('user-1', failed.add('second standby'))).toBeUndefined()
  })
})

describe('createStickySplitter', () => {
  it('refuses weights that are none', () => {
    expect(() => createStickySplitter([['ses', -1]], 'salt')).toThrow(/^REACH_WEIGHTS_INVALID/)
    expect(() => createStickySplitter([['ses', 0]], 'salt')).toThrow(/^REACH_WEIGHTS_INVALID/)
  })

  it('keeps what it was given, whatever happens to that', () => {
    const choices: [string, number][] = [
      ['a', 1],
      ['b', 0],
    ]
    const splitter = createStickySplitter(choices, 'salt')
    choices.forEach((choice) => choice.splice(0, 2, 'c', 5))
    expect(splitter.pick('user-1')).toBe('a')
    expect(splitter.weights).toEqual([
      ['a', 1],
      ['b', 0],
    ])
    expect(Object.isFrozen(splitter) && Object.isFrozen(splitter.weights)).toBe(true)
  })
})

/** How users move when weights change: one text a user that does. */
function movesOf(from: Readonly<Record<string, number>>, to: Readonly<Record<string, number>>): string[] {
  const [before, after] = [from, to].map((weights) => createStickySplitter(Object.entries(weights), 'sms'))
  return keys.flatMap((key) => {
    const [was, is] = [before?.pick(key), after?.pick(key)]
    return was === is ? [] : [`${was} to ${is}`]
  })
}

import { expect, test } from 'vitest'
import { healthyWeights } from './shares.js'

/** Weight and factor of each. */
function left(...shares: readonly (readonly [number, number])[]): readonly number[] {
  return healthyWeights(shares.map(([weight, factor], choice) => ({ choice, weight, factor }))).map(
    ([, weight]) => weight,
  )
}

test('what one loses, the others have by their own proportions', () => {
  expect(left([70, 0.5], [30, 1])).toEqual([35, 30])
  expect(left([60, 0], [30, 1], [10, 1])).toEqual([0, 30, 10])
})

test('a standby takes what was lost only where all with a weight have lost some', () => {
  expect(left([1, 0.25], [0, 1])).toEqual([0.25, 0.75])
  expect(left([50, 0.5], [50, 1], [0, 1])).toEqual([25, 50, 0])
  expect(left([50, 0.5], [50, 0.5], [0, 1])).toEqual([25, 25, 50])
})

test('a standby that is ill itself takes nothing, and the next one does', () => {
  expect(left([1, 0.5], [0, 0.5], [0, 1])).toEqual([0.5, 0, 0.5])
  expect(left([1, 0.5], [0, 0.5])).toEqual([0.5, 0])
})

test('where nothing would be left, the weights as given', () => {
  expect(left([70, 0], [30, 0])).toEqual([70, 30])
  expect(left([1, 0], [0, 0.5])).toEqual([1, 0])
})

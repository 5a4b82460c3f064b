// Weighted picks, against the loop that an app would write by itself. That loop is a harder peer than `weighted` of npm, which
// is the same loop behind checks of its arguments.
import { createSplitter } from '@reachkit/core'
import { chiSquarePValue, seededDraw } from '@reachkit/testing'
import { compare, withinLimit } from './harness.js'

const splits = [
  { name: '70-30', weights: [70, 30] },
  { name: '1-1-1', weights: [1, 1, 1] },
  { name: '99.9-0.1', weights: [99.9, 0.1] },
  { name: '50-0-30-20', weights: [50, 0, 30, 20] },
]

// Drawn beforehand: the draw is not what is compared.
const draws = Float64Array.from({ length: 2 ** 16 }, seededDraw(1))

for (const { name, weights } of splits) {
  const splitter = createSplitter(weights.map((weight, index) => [index, weight] as const))
  const loop = cumulativeLoop(weights)
  await compare({
    name: `splitter/loop-${name}`,
    of: 'picks',
    messages: 5_000_000,
    ours: (picks) => sumOf(picks, (draw) => splitter.pick(draw)),
    peer: (picks) => sumOf(picks, loop),
  })
  await withinLimit({
    name: `splitter/chi-square-${name}`,
    unit: 'p-value',
    limit: 0.001,
    kind: 'least',
    rounds: 1,
    measure: () => ({ value: pValueOf(weights, (draw) => splitter.pick(draw)) }),
  })
}

/** The choice at which the weights, added up from the first, exceed the drawn part of their sum. */
function cumulativeLoop(weights: readonly number[]): (draw: number) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return (draw) => {
    let rest = draw * total
    for (let index = 0; index < weights.length; index++) {
      rest -= weights[index] ?? 0
      if (rest < 0) return index
    }
    return weights.length - 1
  }
}

/** Uses every pick, so that the compiler cannot drop one. */
function sumOf(picks: number, pick: (draw: number) => number): void {
  let sum = 0
  for (let index = 0; index < picks; index++) sum += pick(draws[index & (draws.length - 1)] ?? 0)
  if (Number.isNaN(sum)) throw new Error('A pick was no number.')
}

/** How likely a million picks are at least this far from the weights by chance alone; 0 where a weight of 0 was picked. */
function pValueOf(weights: readonly number[], pick: (draw: number) => number): number {
  const draw = seededDraw(2)
  const counts = weights.map(() => 0)
  for (let index = 0; index < 1_000_000; index++) {
    const choice = pick(draw())
    counts[choice] = (counts[choice] ?? 0) + 1
  }
  return chiSquarePValue(counts, weights)
}

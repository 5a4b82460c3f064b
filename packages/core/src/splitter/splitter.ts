import { ReachError } from '../spec/errors.js'

/**
 * A weighted choice, fixed when it is made: to change weights while running, create another splitter and use it from
 * then on. `random` is a drawn number in [0, 1); for a choice that a key keeps, see `createStickySplitter`.
 */
export interface Splitter<T> {
  /** One choice, each as often as its weight says. A choice of weight 0 is never picked. */
  pick(random: number): T
  /**
   * One choice that is not excluded, such as providers that failed already; the others keep their proportions. Where
   * none with a weight is left, the first of weight 0 that is not excluded: a standby. Undefined where all are excluded.
   */
  pickExcept(random: number, excluded: ReadonlySet<T>): T | undefined
  /** The choices and weights it was made of, as given. */
  readonly weights: readonly (readonly [T, number])[]
}

/**
 * Creates a splitter. Weights are proportions of any sum: 70 and 30, or 0.7 and 0.3.
 * @throws ReachError `REACH_WEIGHTS_INVALID` where a weight is negative or not finite, or none is above 0.
 */
export function createSplitter<T>(choices: readonly (readonly [T, number])[]): Splitter<T> {
  const weights = choices.map(([choice, weight]) => Object.freeze([choice, weight] as const))
  assertWeights(weights)
  const live = weights.filter(([, weight]) => weight > 0)
  const standby = weights.filter(([, weight]) => weight === 0)
  const pickLive = pickerOf(live)

  function pickExcept(random: number, excluded: ReadonlySet<T>): T | undefined {
    if (excluded.size === 0) return pickLive(random)
    const left = live.filter(([choice]) => !excluded.has(choice))
    if (left.length > 0) return pickerOf(left)(random)
    return standby.find(([choice]) => !excluded.has(choice))?.[0]
  }

  return Object.freeze({ pick: pickLive, pickExcept, weights: Object.freeze(weights) })
}

function assertWeights(choices: readonly (readonly [unknown, number])[]): void {
  const wrong = choices.findIndex(([, weight]) => !Number.isFinite(weight) || weight < 0)
  if (wrong >= 0) {
    throw new ReachError('REACH_WEIGHTS_INVALID', `The weight of choice ${wrong + 1} must be a number of at least 0.`)
  }
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0)
  if (total > 0 && Number.isFinite(total)) return
  throw new ReachError('REACH_WEIGHTS_INVALID', 'One weight must be above 0, and their sum must be a finite number.')
}

/**
 * Walks the summed weights. Choices are few (one per provider or channel), where a walk is faster than a binary search
 * or an alias table. What rounding leaves above the last sum belongs to the last choice.
 */
function pickerOf<T>(live: readonly (readonly [T, number])[]): (random: number) => T {
  const last = live.at(-1)
  if (last === undefined) throw new ReachError('REACH_INTERNAL', 'A splitter needs a choice with a weight.')
  const total = live.reduce((sum, [, weight]) => sum + weight, 0)
  let sum = 0
  const steps = live.map(([choice, weight]) => ({ choice, limit: (sum += weight) / total }))

  return (random) => {
    for (const { choice, limit } of steps) if (random < limit) return choice
    return last[0]
  }
}

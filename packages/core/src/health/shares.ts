/** A choice, the weight it was given, and what its health leaves of that, from 0 to 1. */
export interface Share<T> {
  readonly choice: T
  readonly weight: number
  readonly factor: number
}

/**
 * The weights that health leaves: each one's own, less what it lost. The others have the rest by their own proportions;
 * where each with a weight has lost some, the first standby (weight 0) in good health takes that. Where nothing would
 * be left, the weights as they were given.
 */
export function healthyWeights<T>(shares: readonly Share<T>[]): readonly (readonly [T, number])[] {
  const lost = shares.reduce((sum, { weight, factor }) => sum + weight * (1 - factor), 0)
  const isShort = shares.every(({ weight, factor }) => weight === 0 || factor < 1)
  const standby = isShort ? shares.find(({ weight, factor }) => weight === 0 && factor === 1) : undefined
  const weights = shares.map((share) => {
    return [share.choice, share === standby ? lost : share.weight * share.factor] as const
  })
  return weights.some(([, weight]) => weight > 0) ? weights : shares.map(({ choice, weight }) => [choice, weight])
}

/**
 * Pearson's chi-square test: how likely counts at least this far from the expected ones are, if chance alone is at
 * work. Below 0.001 is called a difference. `expected` are proportions of any sum; give enough draws that each expected
 * count above 0 is at least 5. One count where nothing at all was expected makes the answer 0.
 * @throws RangeError where the lists differ in length, or fewer than two proportions are above 0.
 */
export function chiSquarePValue(observed: readonly number[], expected: readonly number[]): number {
  if (observed.length !== expected.length) throw new RangeError('observed and expected must be of one length')
  const scale = sumOf(observed) / sumOf(expected)
  const cells = observed.map((count, index) => ({ count, mean: (expected[index] ?? 0) * scale }))
  if (cells.some(({ count, mean }) => mean === 0 && count > 0)) return 0
  const possible = cells.filter(({ mean }) => mean > 0)
  if (possible.length < 2) throw new RangeError('at least two proportions must be above 0, and something observed')
  const statistic = sumOf(possible.map(({ count, mean }) => (count - mean) ** 2 / mean))
  return upperTail(statistic, possible.length - 1)
}

/**
 * The chance that a chi-square variable of this many degrees of freedom exceeds `statistic`: Q(freedom / 2, statistic / 2)
 * of the regularised incomplete gamma function, by its power series (DLMF 8.7.1) on the left of the mean and by its
 * continued fraction (DLMF 8.9.2, evaluated from the back) on the right. Exact to about ten digits.
 */
export function upperTail(statistic: number, freedom: number): number {
  if (statistic <= 0) return 1
  const [a, x] = [freedom / 2, statistic / 2]
  const scale = Math.exp(a * Math.log(x) - x - logGammaOfHalves(freedom))
  return x < a + 1 ? 1 - scale * series(a, x) : scale * continuedFraction(a, x)
}

function series(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; term > sum * 1e-15; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

function continuedFraction(a: number, x: number): number {
  let tail = 0
  for (let n = 500; n >= 1; n--) tail = (n * (n - a)) / (x + 2 * n + 1 - a - tail)
  return 1 / (x + 1 - a - tail)
}

/** ln Γ(freedom / 2), by Γ(a + 1) = a Γ(a) from Γ(1) = 1 or Γ(1/2) = √π. */
function logGammaOfHalves(freedom: number): number {
  let sum = freedom % 2 === 0 ? 0 : Math.log(Math.PI) / 2
  for (let a = freedom % 2 === 0 ? 1 : 0.5; a < freedom / 2; a++) sum += Math.log(a)
  return sum
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

import { attributePath, compareTexts } from '../spec/index.js'
import type { AttributeCondition, Comparisons, Profile, SegmentScalar } from '../spec/index.js'

/** Tells of each recipient whether an attribute meets a condition; `AttributeCondition` says when that is. */
export function attributeTest(condition: AttributeCondition): (profile: Profile) => boolean {
  const { exists } = condition
  const find = finder(condition)
  const compared = compares(condition)
  return (profile) => {
    const found = find(profile)
    if (exists !== undefined && exists !== (found !== undefined && found !== null)) return false
    return !compared || fitsOne(condition, found)
  }
}

function finder({ attribute, of }: AttributeCondition): (profile: Profile) => unknown {
  if (of === 'recipient') return attribute === 'id' ? ({ id }) => id : ({ locale }) => locale
  const path = attributePath(attribute)
  return ({ attributes }) => path.reduce<unknown>(fieldOf, attributes)
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
}

/** One and the same value has to fit all comparisons. */
function fitsOne(comparisons: Comparisons, found: unknown): boolean {
  if (!Array.isArray(found)) return isScalar(found) && fits(comparisons, found)
  return found.some((value) => isScalar(value) && fits(comparisons, value))
}

function isScalar(value: unknown): value is SegmentScalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function compares({ is, in: among, above, atLeast, below, atMost, startsWith }: Comparisons): boolean {
  return [is, among, above, atLeast, below, atMost, startsWith].some((comparison) => comparison !== undefined)
}

function fits(
  { is, in: among, above, atLeast, below, atMost, startsWith }: Comparisons,
  value: SegmentScalar,
): boolean {
  return (
    (is === undefined || value === is) &&
    (among === undefined || among.includes(value)) &&
    (above === undefined || order(value, above) > 0) &&
    (atLeast === undefined || order(value, atLeast) >= 0) &&
    (below === undefined || order(value, below) < 0) &&
    (atMost === undefined || order(value, atMost) <= 0) &&
    (startsWith === undefined || (typeof value === 'string' && value.startsWith(startsWith)))
  )
}

/** NaN, which no comparison holds for, where the two have no order. */
function order(value: SegmentScalar, bound: string | number): number {
  if (typeof value === 'string' && typeof bound === 'string') return compareTexts(value, bound)
  return typeof value === 'number' && typeof bound === 'number' ? Math.sign(value - bound) : Number.NaN
}

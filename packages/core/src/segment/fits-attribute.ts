import { attributePath, compareTexts } from '../spec/index.js'
import type { AttributeCondition, Comparisons, Profile, SegmentScalar } from '../spec/index.js'

/** True where an attribute of a recipient meets a condition; `AttributeCondition` says when that is. */
export function fitsAttribute(condition: AttributeCondition, profile: Profile): boolean {
  const found = find(condition, profile)
  if (condition.exists !== undefined && condition.exists !== (found !== undefined && found !== null)) return false
  return !compares(condition) || valuesOf(found).some((value) => fits(condition, value))
}

function find({ attribute, of }: AttributeCondition, profile: Profile): unknown {
  if (of === 'recipient') return attribute === 'id' ? profile.id : profile.locale
  let found: unknown = profile.attributes
  for (const name of attributePath(attribute)) found = fieldOf(found, name)
  return found
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
}

function valuesOf(found: unknown): readonly SegmentScalar[] {
  if (Array.isArray(found)) return found.filter(isScalar)
  return isScalar(found) ? [found] : []
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

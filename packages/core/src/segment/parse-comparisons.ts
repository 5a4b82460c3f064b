import type { OptionReader } from '../options/index.js'
import type { Comparisons, SegmentScalar } from '../spec/index.js'
import { bounds } from './bounds.js'
import { isText } from './is-text.js'
import type { Place } from './place.js'

const text = `a text of at most ${bounds.textBytes} bytes, without U+0000`
const ordered = `${text}, or a number`
const scalar = `${text}, a number or a boolean; what is not there is exists: false`

/** What an attribute is compared with, without what was left out. */
export function parseComparisons(reader: OptionReader, place: Place): Comparisons {
  const comparisons: { -readonly [Field in keyof Comparisons]: Comparisons[Field] } = {}
  const is = reader.raw('is')
  if (is !== undefined) comparisons.is = isScalar(is) ? plain(is) : reader.refuse('is', scalar)
  const among = reader.raw('in')
  if (among !== undefined) comparisons.in = parseList(among, place)
  for (const field of ['above', 'atLeast', 'below', 'atMost'] as const) {
    const bound = reader.raw(field)
    if (bound !== undefined) comparisons[field] = isOrdered(bound) ? plain(bound) : reader.refuse(field, ordered)
  }
  const start = reader.raw('startsWith')
  if (start !== undefined)
    comparisons.startsWith = isText(start, bounds.textBytes) ? start : reader.refuse('startsWith', text)
  return comparisons
}

function parseList(given: unknown, place: Place): readonly SegmentScalar[] {
  if (!Array.isArray(given) || given.length === 0)
    return place.inner('.in').refuse('a list of at least one value', given)
  place.countValues(given.length)
  return given.map((value: unknown, index) =>
    isScalar(value) ? plain(value) : place.inner(`.in[${index}]`).refuse(scalar, value),
  )
}

function isScalar(value: unknown): value is SegmentScalar {
  return typeof value === 'boolean' || isOrdered(value)
}

function isOrdered(value: unknown): value is string | number {
  return typeof value === 'number' ? Number.isFinite(value) : isText(value, bounds.textBytes)
}

/** As JSON has it: there is no -0. */
function plain<Value extends SegmentScalar>(value: Value): Value {
  return value === 0 ? (0 as Value) : value
}

import { OptionReader } from '../options/index.js'
import { isZone } from '../schedule/index.js'
import type { AttributeCondition, Condition, EventCondition, ReceivedCondition } from '../spec/index.js'
import { bounds } from './bounds.js'
import { isText } from './is-text.js'
import type { Kind } from './kinds.js'
import { parseComparisons } from './parse-comparisons.js'
import type { Place } from './place.js'

const counting = ['times', 'within', 'withinMs']
const comparing = ['is', 'in', 'above', 'atLeast', 'below', 'atMost', 'startsWith', 'exists']
const own = ['id', 'locale']

/** Reads a part of a segment that is not made of others. */
export function parseCondition(fields: unknown, kind: Exclude<Kind, 'all' | 'any' | 'not'>, place: Place): Condition {
  const read = (others: readonly string[]): OptionReader =>
    new OptionReader('REACH_SEGMENT_INVALID', place.path, fields, [kind, ...others])
  switch (kind) {
    case 'attribute':
      return parseAttribute(read(['of', ...comparing]), place)
    case 'group':
      return { group: parseName(read([]), 'group') }
    case 'zone':
      return { zone: parseZones(read([]).raw('zone'), place) }
    case 'event': {
      const reader = read(counting)
      return { event: parseName(reader, 'event'), ...parseWindow(reader) }
    }
    case 'received': {
      const reader = read(counting)
      return { received: parseType(reader), ...parseWindow(reader) }
    }
  }
}

function parseAttribute(reader: OptionReader, place: Place): AttributeCondition {
  const attribute = parseName(reader, 'attribute')
  const of = reader.choice('of', ['recipient'])
  if (of !== undefined && !own.includes(attribute))
    reader.refuse('attribute', `one of ${own.join(', ')} of a recipient`)
  if (attribute.split('.').includes('')) reader.refuse('attribute', 'a name, or several with one dot between them')
  const exists = reader.flag('exists')
  const comparisons = parseComparisons(reader, place)
  if (exists === undefined && Object.keys(comparisons).length === 0)
    throw place.invalid(`must have one of ${comparing.join(', ')}`)
  return { attribute, ...(of && { of }), ...(exists !== undefined && { exists }), ...comparisons }
}

function parseZones(given: unknown, place: Place): readonly (string | null)[] {
  const zones: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (zones.length === 0) place.inner('.zone').refuse(zoneAllowed, given)
  place.countValues(zones.length)
  return zones.map((zone, index) => {
    if (zone === null || (isText(zone, bounds.nameBytes) && isZone(zone))) return zone
    return place.inner(Array.isArray(given) ? `.zone[${index}]` : '.zone').refuse(zoneAllowed, zone)
  })
}

const zoneAllowed = "a time zone such as 'Europe/Berlin', null for who has none, or a list of these"

function parseType(reader: OptionReader): string | true {
  return reader.raw('received') === true ? true : parseName(reader, 'received', ', or true for any')
}

type Window = Pick<EventCondition & ReceivedCondition, 'times' | 'withinMs'>

function parseWindow(reader: OptionReader): Window {
  const times = reader.whole('times', 1)
  const within = reader.durationMs('within', 1)
  const withinMs = reader.whole('withinMs', 1) ?? within
  if (within !== undefined && withinMs !== within) reader.refuse('within', 'left out where withinMs is given')
  return { ...(times !== undefined && { times }), ...(withinMs !== undefined && { withinMs }) }
}

function parseName(reader: OptionReader, field: string, or = ''): string {
  const name = reader.raw(field)
  if (name !== '' && isText(name, bounds.nameBytes)) return name
  return reader.refuse(field, `a name of 1 to ${bounds.nameBytes} bytes, without U+0000${or}`)
}

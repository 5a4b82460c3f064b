import { OptionReader, isFields, nearestName, shownName } from '../options/index.js'
import type { Segment } from '../spec/index.js'
import { kinds } from './kinds.js'
import type { Kind } from './kinds.js'
import { parseCondition } from './parse-condition.js'
import { Place } from './place.js'

/**
 * Reads a segment that was stored or written as JSON, or made by `where`: call it once, before the segment is kept. The
 * answer is a copy, with every length of time in milliseconds: people may write `within: '30d'` for `withinMs`, and a zone
 * without a list around it.
 * @throws ReachError `REACH_SEGMENT_INVALID` naming the first place in the tree that is wrong, `segment.all[1].not.times`,
 * what is allowed there and the kind of what was found, never a value. Segments have at most 20 levels, 200 parts and 2,000
 * listed values.
 */
export function parseSegment(value: unknown): Segment {
  return parsePart(value, Place.root())
}

function parsePart(value: unknown, place: Place): Segment {
  place.countPart()
  if (!isFields(value)) return place.refuse(`an object with one of ${kinds.join(', ')}`, value)
  const kind = kindOf(value, place)
  if (kind === 'all') return { all: parseParts(value, 'all', place) }
  if (kind === 'any') return { any: parseParts(value, 'any', place) }
  if (kind === 'not') return { not: parsePart(readOnly(value, 'not', place), place.inner('.not')) }
  return parseCondition(value, kind, place)
}

function kindOf(fields: Readonly<Record<string, unknown>>, place: Place): Kind {
  const given = Object.keys(fields).filter((name) => fields[name] !== undefined)
  const [kind, another] = kinds.filter((name) => given.includes(name))
  if (kind !== undefined && another === undefined) return kind
  if (another !== undefined) throw place.invalid(`has both ${kind} and ${another}: put each into a part of its own`)
  const [name = ''] = given
  const near = nearestName(name, kinds)
  const hint = near === undefined ? '' : `. Did you mean '${near}' by '${shownName(name)}'?`
  throw place.invalid(`must have one of ${kinds.join(', ')}, and has none${hint}`)
}

function parseParts(fields: unknown, kind: 'all' | 'any', place: Place): readonly Segment[] {
  const parts = readOnly(fields, kind, place)
  if (!Array.isArray(parts)) return place.inner(`.${kind}`).refuse('a list of segments', parts)
  return parts.map((part: unknown, index) => parsePart(part, place.inner(`.${kind}[${index}]`)))
}

/** The one field of a part that has no others. */
function readOnly(fields: unknown, kind: Kind, { path }: Place): unknown {
  return new OptionReader('REACH_SEGMENT_INVALID', path, fields, [kind]).raw(kind)
}

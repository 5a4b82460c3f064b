import { OptionReader, isFields } from '../options/index.js'
import type { AudienceItem, Segment } from '../spec/index.js'
import { csv, ndjson } from './files.js'
import { invalidAudience } from './invalid.js'
import { parseArgs } from './parse-args.js'
import { type KnownChannels, parseItem } from './parse-item.js'
import { type AudienceDraft, type UnreadFile, inlineLimit } from './plan.js'
import { parseSample } from './sample.js'

interface ParsePlanContext {
  /** Undefined where addresses of any channel are taken. */
  readonly channels?: KnownChannels
  /** Throws for what is no segment. */
  readonly parseSegment: (value: unknown) => Segment
}

type Fields = Readonly<Record<string, unknown>>
type Parse = (fields: Fields, where: string, context: ParsePlanContext, depth: number) => AudienceDraft

/** Combinations of combinations, and parts of one. */
const deepest = 16
const mostParts = 100

/**
 * What a caller gives as the audience of a task: an array of ids and recipients, an iterable of them, a segment, or what
 * a builder answers, which may come from JSON. Nothing is read yet: see `preparePlan`.
 * @throws ReachError `REACH_AUDIENCE_INVALID` naming the field, what is allowed and the kind given; what `parseSegment`
 * throws for a segment.
 */
export function parsePlan(value: unknown, context: ParsePlanContext): AudienceDraft {
  return parsePart(value, 'audience', context, 0)
}

function parsePart(value: unknown, where: string, context: ParsePlanContext, depth: number): AudienceDraft {
  if (depth > deepest) throw invalidAudience(where, `at most ${deepest} levels deep`, value)
  if (Array.isArray(value)) return parseItems(value, where, context)
  if (isIterable(value)) return { kind: 'uncopied', items: value, where }
  if (typeof value === 'function' && 'open' in value) {
    throw invalidAudience(where, 'what the named audience answers: call it, with its arguments', value)
  }
  if (!isFields(value))
    throw invalidAudience(where, 'ids, recipients, an iterable of them, a segment or an audience', value)
  if (!('kind' in value)) return { kind: 'segment', segment: context.parseSegment(value) }
  const { kind } = value
  const parse = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  if (parse === undefined) throw invalidAudience(`${where}.kind`, `one of ${Object.keys(kinds).join(', ')}`, kind)
  return parse(value, where, context, depth)
}

const kinds: Readonly<Record<string, Parse>> = {
  ids: ({ ids }, where, context) => {
    if (!Array.isArray(ids)) throw invalidAudience(`${where}.ids`, 'an array of ids', ids)
    const other = ids.findIndex((id) => typeof id !== 'string')
    if (other >= 0) throw invalidAudience(`${where}.ids[${other}]`, 'an id, which is a string', ids[other])
    return parseItems(ids, `${where}.ids`, context)
  },
  recipients: ({ items }, where, context) => {
    if (!Array.isArray(items)) throw invalidAudience(`${where}.items`, 'an array of recipients', items)
    return parseItems(items, `${where}.items`, context)
  },
  segment: ({ segment }, _, { parseSegment }) => ({ kind: 'segment', segment: parseSegment(segment) }),
  named: ({ name, args }, where) => {
    if (typeof name !== 'string' || name === '') throw invalidAudience(`${where}.name`, 'the name of an audience', name)
    return { kind: 'named', name, args: parseArgs(args, `${where}.args`) }
  },
  'unread-file': (fields, where, { channels }) => parseFile(fields, where, channels),
  union: ({ of }, where, context, depth) => ({ kind: 'union', of: parseParts(of, where, context, depth) }),
  intersection: ({ of }, where, context, depth) => ({
    kind: 'intersection',
    of: parseParts(of, where, context, depth),
  }),
  difference: ({ of, without }, where, context, depth) => ({
    kind: 'difference',
    of: parsePart(of, `${where}.of`, context, depth + 1),
    without: parsePart(without, `${where}.without`, context, depth + 1),
  }),
  sample: ({ of, ...options }, where, context, depth) => {
    const reader = new OptionReader('REACH_AUDIENCE_INVALID', where, options, ['kind', 'share', 'size', 'seed'])
    return { kind: 'sample', of: parsePart(of, `${where}.of`, context, depth + 1), ...parseSample(reader) }
  },
}

function parseParts(of: unknown, where: string, context: ParsePlanContext, depth: number): readonly AudienceDraft[] {
  if (!Array.isArray(of) || of.length === 0 || of.length > mostParts) {
    throw invalidAudience(`${where}.of`, `an array of 1 to ${mostParts} audiences`, of)
  }
  return of.map((part, index) => parsePart(part, `${where}.of[${index}]`, context, depth + 1))
}

/** Ids alone are kept as such. Each is looked at now where they stay in the plan, and when it is copied otherwise. */
function parseItems(given: readonly unknown[], where: string, { channels }: ParsePlanContext): AudienceDraft {
  if (given.length > inlineLimit) return { kind: 'uncopied', items: [...given], where }
  const items = given.map((value, index) => parseItem(value, `${where}[${index}]`, channels))
  if (items.every(isIdOnly)) return { kind: 'ids', ids: items.map(({ id }) => id) }
  return { kind: 'recipients', items }
}

function isIdOnly(item: AudienceItem): boolean {
  return Object.keys(item).length === 1
}

/** By the builder itself, so that JSON is read as code is. */
function parseFile(fields: Fields, where: string, channels: KnownChannels): UnreadFile {
  const { format, path, roles, kind: _, ...rest } = fields
  if (format !== 'csv' && format !== 'ndjson') throw invalidAudience(`${where}.format`, 'csv or ndjson', format)
  if (!isFields(roles)) throw invalidAudience(`${where}.roles`, 'an object', roles)
  const file = { csv, ndjson }[format](path as string, { ...roles, ...rest })
  const unwired = Object.keys(file.roles.address ?? {}).find((channel) => channels?.has(channel) === false)
  if (unwired === undefined) return file
  throw invalidAudience(`${where}.roles.address`, 'columns by the names of wired channels', roles['address'])
}

function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.asyncIterator in value || Symbol.iterator in value
}

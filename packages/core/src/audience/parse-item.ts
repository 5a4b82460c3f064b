import { idOfAddresses } from '../directory/inline-recipient.js'
import { findUnstorable } from '../json/find-unstorable.js'
import { isFields, shownName } from '../options/index.js'
import { ReachError, type AudienceItem } from '../spec/index.js'
import { idProblem } from './id-problem.js'
import { invalidAudience } from './invalid.js'

/** The channels that are wired; undefined where nobody has told. */
export type KnownChannels = { has(channel: string): boolean } | undefined

const reserved: ReadonlySet<string> = new Set(['id', 'locale', 'zone', 'columns', 'addresses'])

/**
 * One of an audience as a caller gives it: an id, or a recipient whose addresses stand by channel, beside its `id` or
 * under `addresses`, with the `columns` that belong to it. One without an id is known by its addresses.
 * @throws ReachError `REACH_AUDIENCE_INVALID` naming the field below `where` and its kind.
 */
export function parseItem(value: unknown, where: string, channels?: KnownChannels): AudienceItem {
  if (typeof value === 'string') return { id: parseId(value, where) }
  if (!isFields(value)) throw invalidAudience(where, 'an id or a recipient with addresses', value)
  const { id, columns } = value
  const addresses = parseAddresses(value, where, channels)
  if (id === undefined && addresses === undefined) throw invalidAudience(`${where}.id`, 'given, or an address', id)
  return {
    id: id === undefined ? idOfAddresses(addresses ?? {}) : parseId(id, `${where}.id`),
    ...(addresses !== undefined && { addresses }),
    ...parseText(value, 'locale', where),
    ...parseText(value, 'zone', where),
    ...(columns !== undefined && { columns: parseFields(columns, `${where}.columns`) }),
  }
}

function parseId(id: unknown, where: string): string {
  if (typeof id !== 'string') throw invalidAudience(where, 'an id, which is a string', id)
  const problem = idProblem(id)
  if (problem === undefined) return id
  throw new ReachError('REACH_AUDIENCE_INVALID', `${where} is no id: ${problem}.`)
}

function parseText(value: Readonly<Record<string, unknown>>, field: 'locale' | 'zone', where: string): object {
  const text = value[field]
  if (text === undefined) return {}
  if (typeof text === 'string' && text !== '') return { [field]: text }
  throw invalidAudience(`${where}.${field}`, 'a string that is not empty', text)
}

function parseAddresses(
  value: Readonly<Record<string, unknown>>,
  where: string,
  channels: KnownChannels,
): AudienceItem['addresses'] {
  const given =
    value['addresses'] === undefined ? [] : Object.entries(parseFields(value['addresses'], `${where}.addresses`))
  const beside = Object.entries(value).filter(([name]) => !reserved.has(name))
  const addresses = [...given, ...beside].filter(([, address]) => address !== undefined)
  for (const [name] of addresses) {
    if (channels?.has(name) !== false) continue
    throw new ReachError(
      'REACH_AUDIENCE_INVALID',
      `${where} has no field '${shownName(name)}', and no channel is wired by this name.`,
    )
  }
  return addresses.length === 0 ? undefined : parseFields(Object.fromEntries(addresses), where)
}

function parseFields(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (!isFields(value)) throw invalidAudience(where, 'an object', value)
  const found = findUnstorable(value, where)
  if (found === undefined) return structuredClone(value)
  throw new ReachError('REACH_AUDIENCE_INVALID', `${found.path} must be JSON, and was ${found.kind}.`)
}

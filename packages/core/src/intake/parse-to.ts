import { describeKind, isFields, shownName } from '../options/index.js'
import { toJson } from '../json/index.js'
import { idOfAddresses } from '../directory/inline-recipient.js'
import { looksLikeAddress } from '../directory/looks-like-address.js'
import { ReachError } from '../spec/index.js'

/** One recipient as it is stored: an id, and the addresses where they came with the call. */
export interface Addressee {
  readonly id: string
  readonly inline: string | undefined
}

export interface ToContext {
  readonly key: string
  readonly channels: ReadonlyMap<string, unknown>
  readonly hasDirectory: boolean
}

/**
 * Reads one recipient of `notify`.
 * @throws ReachError `REACH_RECIPIENT_INVALID` for what is neither an id nor has an address of a wired channel, and for
 * an address in the place of an id; `REACH_DIRECTORY_MISSING` for an id that nobody could look up.
 */
export function parseRecipient(value: unknown, context: ToContext): Addressee {
  if (typeof value === 'string') return parseId(value, context)
  if (isAudience(value)) throw refuse(context, 'an audience is sent to by a task: reach.tasks.create()')
  if (isFields(value)) return parseInline(value, context)
  throw refuse(context, `a recipient must be an id or an object with addresses, and was ${describeKind(value)}`)
}

/** What `csv`, `segment` and the other builders of audiences answer, or what can only be iterated. */
function isAudience(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return 'kind' in value || Symbol.asyncIterator in value
}

function parseId(id: string, context: ToContext): Addressee {
  if (id === '') throw refuse(context, 'the id of a recipient must not be empty')
  if (looksLikeAddress(id)) {
    throw refuse(
      context,
      'an address was given as an id: give { email: … }, { sms: … } or the channel that it belongs to',
    )
  }
  if (!context.hasDirectory) {
    const text = `'${context.key}': a recipient is named by id, and createReach has no directory; add one, or give the addresses`
    throw new ReachError('REACH_DIRECTORY_MISSING', text)
  }
  return { id, inline: undefined }
}

const reserved: ReadonlySet<string> = new Set(['id', 'locale', 'zone'])

function parseInline(value: Readonly<Record<string, unknown>>, context: ToContext): Addressee {
  const { id, locale, zone } = value
  for (const field of reserved) assertText(field, value[field], context)
  const addresses: Record<string, unknown> = {}
  for (const [name, address] of Object.entries(value)) {
    if (reserved.has(name) || address === undefined) continue
    if (!context.channels.has(name)) {
      throw refuse(
        context,
        `a recipient has no field '${shownName(name)}': there are id, locale, zone and the channels ${[...context.channels.keys()].join(', ')}`,
      )
    }
    addresses[name] = address
  }
  const known = typeof id === 'string' && context.hasDirectory
  if (Object.keys(addresses).length === 0 && !known)
    throw refuse(context, 'a recipient given inline needs an address of a wired channel')
  const inline = toJson({ locale, zone, addresses }, `'${context.key}': the recipient`)
  return { id: typeof id === 'string' ? id : idOfAddresses(addresses), inline }
}

function assertText(field: string, value: unknown, context: ToContext): void {
  if (value === undefined || (typeof value === 'string' && value !== '')) return
  throw refuse(context, `${field} of a recipient must be a string that is not empty, and was ${describeKind(value)}`)
}

function refuse({ key }: ToContext, text: string): ReachError {
  return new ReachError('REACH_RECIPIENT_INVALID', `'${key}': ${text}`)
}

import { noProgress, parseProgress } from '../route/progress.js'
import type { Progress } from '../route/progress.js'
import { isUnnamed, recipientOf } from '../directory/inline-recipient.js'
import type { RecipientBook } from '../directory/recipient-reader.js'
import type { MessageDefinition } from '../message/definition.js'
import type { ClaimedMessage, Reason, Recipient, Settled } from '../spec/index.js'
import type { DispatchContext } from './dispatch-context.js'
import { withDigest } from '../digest/digest-data.js'
import { newJourney } from './journey.js'
import type { Journey } from './journey.js'
import { ttlEnding } from './plan-journey.js'
import { readData } from './stored-data.js'

const unknownAgainMs = 5_000
const directoryAgainMs = 5_000

/** The recipients of claimed messages: one read for all, and no wait where none is needed. */
export function readRecipients(
  messages: readonly ClaimedMessage[],
  context: DispatchContext,
): Promise<RecipientBook> | RecipientBook {
  const ids = messages.filter(isNamed).map(({ recipient }) => recipient)
  const tenant = messages[0]?.tenant ?? ''
  return ids.length === 0 ? new Map() : context.recipients.read(ids, tenant, context.aborting)
}

function isNamed({ inline, recipient }: ClaimedMessage): boolean {
  return inline === undefined || !isUnnamed(recipient)
}

/** The journey of a message, with its type, data and recipient, or where it goes instead. */
export function prepare(
  message: ClaimedMessage,
  book: RecipientBook,
  context: DispatchContext,
): Journey | { readonly to: Settled } {
  if (message.type === '') return { to: goBack(message, context, { code: 'unreadable' }) }
  const definition = context.definitions.get(message.type)
  if (definition === undefined || message.version > definition.version) return { to: unknownType(message, context) }
  if (isExpired(message, context)) return { to: endExpired(message, definition, context) }
  const before = parseProgress(message.progress)
  if (!knowsChannels(before, context)) return { to: goBack(message, context, { code: 'channel-unavailable' }) }
  const recipient = recipientFrom(message, book)
  if (recipient === 'failed') return { to: directoryFailed(message, context) }
  if (recipient === undefined) return { to: recipientUnknown }
  const read = readData(message, definition)
  if (read === 'unreadable') return { to: goBack(message, context, { code: 'unreadable' }) }
  if (read === 'upgrade-failed') return { to: unknownType(message, context) }
  const data = definition.digest === undefined ? read.data : withDigest(read.data, [read.data])
  const progress = before.unknownSince === undefined ? before : { ...before, unknownSince: undefined }
  return newJourney({ message, definition, data, recipient, progress })
}

const expired: Settled = { state: 'done', outcome: 'expired', reason: { code: 'expired' } }
const recipientUnknown: Settled = { state: 'done', outcome: 'rejected', reason: { code: 'recipient-unknown' } }

function isExpired({ expires }: ClaimedMessage, context: DispatchContext): boolean {
  return expires !== undefined && expires <= context.storeNow()
}

/** Where nothing was tried yet it is expired; else what was sent, or may have been, counts. */
function endExpired(message: ClaimedMessage, definition: MessageDefinition, context: DispatchContext): Settled {
  const progress = parseProgress(message.progress)
  if (progress === noProgress) return expired
  const recipient = { id: message.recipient, addresses: {} }
  return ttlEnding(newJourney({ message, definition, data: undefined, recipient, progress }), context)
}

/** A gate of a newer version of the app may have sent it on to a channel that is not wired here. */
function knowsChannels({ to, legs }: Progress, { channels }: DispatchContext): boolean {
  if (to?.every((name) => channels.has(name)) === false) return false
  return Object.entries(legs).every(([name, { state }]) => state !== 'retry' || channels.has(name))
}

/** Another process may know the type: it waits a little, and is parked when nobody knew it for long. */
function unknownType(message: ClaimedMessage, context: DispatchContext): Settled {
  return goBack(message, context, { code: 'type-unknown', detail: `${message.type} version ${message.version}` })
}

function goBack(message: ClaimedMessage, context: DispatchContext, reason: Reason): Settled {
  const now = context.storeNow()
  const before = parseProgress(message.progress)
  const unknownSince = before.unknownSince ?? now
  if (now - unknownSince > context.unknownForMs) return { state: 'done', outcome: 'parked', reason }
  return { state: 'waiting', due: now + unknownAgainMs, reason, progress: JSON.stringify({ ...before, unknownSince }) }
}

function directoryFailed({ progress }: ClaimedMessage, context: DispatchContext): Settled {
  const due = context.storeNow() + directoryAgainMs
  return { state: 'waiting', due, reason: { code: 'directory-failed' }, ...(progress !== undefined && { progress }) }
}

/** Addresses given inline come before those of the directory, which need not know the person then. */
function recipientFrom(
  { inline, recipient: id }: ClaimedMessage,
  book: RecipientBook,
): Recipient | 'failed' | undefined {
  if (inline === undefined) return book === 'failed' ? book : book.get(id)
  const given = recipientOf(inline, id)
  const known = book === 'failed' ? undefined : book.get(id)
  return known === undefined ? given : { ...known, ...given, addresses: { ...known.addresses, ...given.addresses } }
}

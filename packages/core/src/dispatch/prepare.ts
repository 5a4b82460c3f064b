import { parseProgress } from '../route/progress.js'
import { isUnnamed, recipientOf } from '../directory/inline-recipient.js'
import type { RecipientBook } from '../directory/recipient-reader.js'
import type { MessageDefinition } from '../message/definition.js'
import type { ClaimedMessage, Recipient, Settled } from '../spec/index.js'
import type { DispatchContext } from './dispatch-context.js'
import type { Journey } from './journey.js'

const unknownAgainMs = 5_000
const directoryAgainMs = 5_000

/** A message that can travel, or where it goes instead. */
export type Prepared = { readonly journey: Journey } | { readonly message: ClaimedMessage; readonly to: Settled }

/** Types, data and recipients of claimed messages: one directory read for all, and no wait where none is needed. */
export function prepare(messages: readonly ClaimedMessage[], context: DispatchContext): Prepared[] | Promise<Prepared[]> {
  const book = readRecipients(messages, context)
  const all = (read: RecipientBook): Prepared[] => messages.map((message) => prepareOne(message, read, context))
  return book instanceof Promise ? book.then(all) : all(book)
}

function readRecipients(messages: readonly ClaimedMessage[], context: DispatchContext): Promise<RecipientBook> | RecipientBook {
  const ids = messages.flatMap(({ recipient }) => (isUnnamed(recipient) ? [] : [recipient]))
  const tenant = messages[0]?.tenant ?? ''
  return ids.length === 0 ? new Map() : context.recipients.read(ids, tenant, context.aborting)
}

function prepareOne(
  message: ClaimedMessage,
  book: RecipientBook,
  context: DispatchContext,
): Prepared {
  const definition = context.definitions.get(message.type)
  if (definition === undefined || message.version > definition.version) return { message, to: unknownType(message, context) }
  if (isExpired(message, context)) return { message, to: expired }
  const recipient = recipientFrom(message, book)
  if (recipient === 'failed') return { message, to: directoryFailed(context) }
  if (recipient === undefined) return { message, to: recipientUnknown }
  const data = dataOf(message, definition)
  const progress = parseProgress(message.progress)
  return { journey: { message, definition, data, recipient, progress, attempts: [], events: [] } }
}

export const expired: Settled = { state: 'done', outcome: 'expired', reason: { code: 'expired' } }
const recipientUnknown: Settled = { state: 'done', outcome: 'rejected', reason: { code: 'recipient-unknown' } }

export function isExpired({ expires, progress }: ClaimedMessage, context: DispatchContext): boolean {
  return expires !== undefined && expires <= context.storeNow() && progress === undefined
}

/** Another process may know the type: it waits a little, and is parked when nobody knew it for long. */
function unknownType(message: ClaimedMessage, context: DispatchContext): Settled {
  const now = context.storeNow()
  const before = parseProgress(message.progress)
  const unknownSince = before.unknownSince ?? now
  const reason = { code: 'type-unknown', detail: `${message.type} version ${message.version}` }
  if (now - unknownSince > context.unknownForMs) return { state: 'done', outcome: 'parked', reason }
  return { state: 'waiting', due: now + unknownAgainMs, reason, progress: JSON.stringify({ ...before, unknownSince }) }
}

function directoryFailed(context: DispatchContext): Settled {
  return { state: 'waiting', due: context.storeNow() + directoryAgainMs, reason: { code: 'directory-failed' } }
}

/** Addresses given inline come before those of the directory, which need not know the person then. */
function recipientFrom({ inline, recipient: id }: ClaimedMessage, book: RecipientBook): Recipient | 'failed' | undefined {
  if (inline === undefined) return book === 'failed' ? book : book.get(id)
  const given = recipientOf(inline, id)
  const known = book === 'failed' ? undefined : book.get(id)
  return known === undefined ? given : { ...known, ...given, addresses: { ...known.addresses, ...given.addresses } }
}

/** The stored data, brought to the version that this process knows. */
function dataOf(message: ClaimedMessage, definition: MessageDefinition): unknown {
  const stored: unknown = message.value ?? JSON.parse(message.data)
  const { upgrade, version } = definition
  return message.version < version && upgrade !== undefined ? upgrade(stored as never, message.version) : stored
}

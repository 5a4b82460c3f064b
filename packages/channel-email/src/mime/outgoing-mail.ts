import type { DeliveryRequest } from '@reachkit/core/spec'
import { asciiDomain, type EmailAddress, wireAddress } from '../address/email-address.js'
import { type Mailbox, parseMailbox, parseMailboxes } from '../address/mailbox.js'
import type { EmailAttachment, EmailContent, ListUnsubscribe } from '../content/email-content.js'
import { isListUnsubscribe } from '../content/list-unsubscribe.js'

/** A request as the drivers of this package get it. */
export type EmailRequest = DeliveryRequest<EmailAddress, EmailContent>

/** What a driver adds to every mail that does not say it itself. */
export interface MailDefaults {
  readonly from: Mailbox
  /** Where bounces go (the envelope's sender); the address of From when undefined. */
  readonly returnPath: EmailAddress | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly listUnsubscribe: ((request: EmailRequest) => ListUnsubscribe | undefined) | undefined
}

/** A mail with every default filled in and every address in the form of the wire. */
export interface OutgoingMail {
  readonly from: Mailbox
  readonly returnPath: EmailAddress
  readonly to: EmailAddress
  readonly replyTo: readonly Mailbox[]
  readonly cc: readonly Mailbox[]
  readonly bcc: readonly Mailbox[]
  readonly subject: string
  /** The same for each attempt (RFC 5322, 3.6.4), with its angle brackets. SMTP does not deduplicate by it. */
  readonly messageId: string
  readonly headers: Readonly<Record<string, string>>
  readonly listUnsubscribe: ListUnsubscribe | undefined
  readonly html: string | undefined
  readonly text: string | undefined
  readonly attachments: readonly EmailAttachment[]
}

/** Fills the defaults in. Undefined where the driver's `listUnsubscribe` answered something that cannot be sent. */
export function resolveMail(request: EmailRequest, defaults: MailDefaults): OutgoingMail | undefined {
  const { content } = request
  const listUnsubscribe = content.listUnsubscribe ?? defaults.listUnsubscribe?.(request)
  if (listUnsubscribe !== undefined && !isListUnsubscribe(listUnsubscribe)) return undefined
  const from = (content.from !== undefined && parseMailbox(content.from)) || defaults.from
  return {
    from,
    returnPath: wireAddress(defaults.returnPath ?? from.address),
    to: wireAddress(request.to),
    replyTo: mailboxes(content.replyTo),
    cc: mailboxes(content.cc),
    bcc: mailboxes(content.bcc),
    subject: content.subject,
    messageId: messageIdOf(request.idempotencyKey, from),
    headers: mergeHeaders(defaults.headers, content.headers),
    listUnsubscribe,
    html: content.html,
    text: content.text,
    attachments: content.attachments ?? [],
  }
}

const none: readonly Mailbox[] = []

function mailboxes(value: unknown): readonly Mailbox[] {
  return value === undefined ? none : (parseMailboxes(value) ?? none)
}

/** A dot is written as `=`, which no key holds: so no key makes an empty part of a dot-atom, and no two meet. */
function messageIdOf(idempotencyKey: string, from: Mailbox): string {
  return `<${idempotencyKey.replaceAll('.', '=')}@${asciiDomain(from.address)}>`
}

/** Names are compared without case: a header of the content takes the place of a default. */
function mergeHeaders(
  defaults: Readonly<Record<string, string>>,
  own: EmailContent['headers'],
): OutgoingMail['headers'] {
  if (own === undefined) return defaults
  const taken = new Set(Object.keys(own).map((name) => name.toLowerCase()))
  const kept = Object.entries(defaults).filter(([name]) => !taken.has(name.toLowerCase()))
  return { ...Object.fromEntries(kept), ...own }
}

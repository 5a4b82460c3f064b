import type { ChannelDriver } from '@reachkit/core/spec'
import { type EmailAddress } from '../address/email-address.js'
import { parseMailbox, parseMailboxes } from '../address/mailbox.js'
import { attachments } from './attachments.js'
import { checkFields, type Fault, type FieldCheck, isFields, must } from '@reachkit/driver-kit'
import type { EmailContent } from './email-content.js'
import { headerText } from './header-text.js'
import { headers } from './headers.js'
import { listUnsubscribe } from './list-unsubscribe.js'

const body = must((value) => typeof value === 'string', 'must be text')
const mailboxes: FieldCheck = must(
  (value) => (parseMailboxes(value)?.length ?? 51) <= 50,
  'must be an e-mail address, `Name <address>`, a mailbox, or a list of 50 at most',
)
const checks: Readonly<Record<keyof EmailContent, FieldCheck>> = {
  subject: headerText,
  html: body,
  text: body,
  from: must((value) => parseMailbox(value) !== undefined, 'must be an e-mail address, `Name <address>`, or a mailbox'),
  replyTo: mailboxes,
  cc: mailboxes,
  bcc: mailboxes,
  headers,
  attachments,
  listUnsubscribe,
}
const fields = checkFields(checks, ['subject'])

/** The faults of content, as a path and what is allowed; none where it can be sent. No fault shows a value. */
export function contentFaults(content: unknown): readonly Fault[] {
  const faults: Fault[] = []
  fields(content, [], faults)
  if (!isFields(content)) return faults
  if (content['html'] === undefined && content['text'] === undefined) {
    faults.push({ path: [], message: 'must have html or text' })
  }
  if (faults.length === 0 && copies(content['cc']) + copies(content['bcc']) > 50) {
    faults.push({ path: ['bcc'], message: 'must leave at most 50 copies together with cc' })
  }
  return faults
}

function copies(value: unknown): number {
  return value === undefined ? 0 : Array.isArray(value) ? value.length : 1
}

/** Checks e-mail content as a Standard Schema. What passes is answered as it was given, not copied. */
export const contentSchema: ChannelDriver<EmailAddress, EmailContent>['content'] = {
  '~standard': {
    version: 1,
    vendor: 'reachkit',
    validate(value) {
      const issues = contentFaults(value)
      return issues.length === 0 ? { value: value as EmailContent } : { issues }
    },
  },
}

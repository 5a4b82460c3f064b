import type { AliyunCall } from '@reachkit/driver-kit'
import { wireAddress } from '../address/email-address.js'
import { parseMailbox, parseMailboxes } from '../address/mailbox.js'
import type { EmailContent } from '../content/email-content.js'
import type { EmailRequest } from '../mime/outgoing-mail.js'
import { type DirectMailSettings, isAlias } from './direct-mail-options.js'

/** 80 KB, as the document says. */
const mostBytes = 80 * 1_024

/** What this API has no place for, or no room; undefined where the mail can be sent as it is. */
export function whatDoesNotFit(content: EmailContent): string | undefined {
  for (const field of ['attachments', 'cc', 'bcc', 'headers', 'listUnsubscribe'] as const) {
    const value = content[field]
    if (value !== undefined && (!Array.isArray(value) || value.length > 0)) return `no-${field}`
  }
  if ((parseMailboxes(content.replyTo ?? [])?.length ?? 0) > 1) return 'one-reply-to'
  if (Array.from(content.subject).length > 100) return 'subject-too-long'
  if (content.from !== undefined && !isAlias(parseMailbox(content.from)?.name)) return 'sender-name-too-long'
  const bodies = [content.html, content.text].map((body) => Buffer.byteLength(body ?? ''))
  return bodies.some((bytes) => bytes > mostBytes) ? 'body-too-long' : undefined
}

/** The call that sends one mail ("SingleSendMail", version 2015-11-23). All of it is in the body of a form. */
export function singleSendMail({ to, content }: EmailRequest, settings: DirectMailSettings): AliyunCall {
  const from = (content.from !== undefined && parseMailbox(content.from)) || settings.from
  const [replyTo] = parseMailboxes(content.replyTo ?? []) ?? []
  return {
    endpoint: settings.endpoint,
    action: 'SingleSendMail',
    version: '2015-11-23',
    form: {
      AccountName: wireAddress(from.address),
      FromAlias: from.name,
      // The sender's own address, not one made up by the vendor.
      AddressType: '1',
      // The address for replies that the console has.
      ReplyToAddress: 'false',
      ReplyAddress: replyTo === undefined ? undefined : wireAddress(replyTo.address),
      ReplyAddressAlias: replyTo?.name,
      ToAddress: wireAddress(to),
      Subject: content.subject,
      HtmlBody: content.html,
      TextBody: content.text,
      TagName: settings.tag,
      ClickTrace: settings.clickTrace ? '1' : undefined,
    },
  }
}

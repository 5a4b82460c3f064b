import type { AliyunCall } from '@reachkit/driver-kit'
import { wireAddress } from '../address/email-address.js'
import type { OutgoingMail } from '../mime/outgoing-mail.js'
import { unsubscribeWays } from '../mime/unsubscribe-ways.js'
import { type DirectMailSettings, isAlias } from './direct-mail-options.js'

/** "Approximately 8 MB" for a parameter in the body of a request. */
const mostBytes = 8_000_000
const mostLetters = 256

/** What this API has no place for, or no room; undefined where the mail can be sent as it is. */
export function whatDoesNotFit(mail: OutgoingMail): string | undefined {
  for (const field of ['attachments', 'cc', 'bcc'] as const) if (mail[field].length > 0) return `no-${field}`
  if (Object.keys(mail.headers).length > 0) return 'no-headers'
  if (mail.replyTo.length > 1) return 'one-reply-to'
  if (Array.from(mail.subject).length > mostLetters) return 'subject-too-long'
  if (!isAlias(mail.from.name)) return 'sender-name-too-long'
  const bodies = [mail.html, mail.text].map((body) => Buffer.byteLength(body ?? ''))
  return bodies.some((bytes) => bytes > mostBytes) ? 'body-too-long' : undefined
}

/**
 * The call that sends one mail ("SingleSendMail", version 2015-11-23). All of it is in the body of a form, and its limits are
 * those that the official SDK tells (SingleSendMailRequest of https://www.npmjs.com/package/@alicloud/dm20151123).
 */
export function singleSendMail(mail: OutgoingMail, { endpoint, tag, clickTrace }: DirectMailSettings): AliyunCall {
  const [replyTo] = mail.replyTo
  return {
    endpoint,
    action: 'SingleSendMail',
    version: '2015-11-23',
    form: {
      AccountName: wireAddress(mail.from.address),
      FromAlias: mail.from.name,
      // The sender's own address, not one made up by the vendor.
      AddressType: '1',
      // The address for replies that the console has.
      ReplyToAddress: 'false',
      ReplyAddress: replyTo === undefined ? undefined : wireAddress(replyTo.address),
      ReplyAddressAlias: replyTo?.name,
      ToAddress: mail.to,
      Subject: mail.subject,
      HtmlBody: mail.html,
      TextBody: mail.text,
      Headers: JSON.stringify(headersOf(mail)),
      TagName: tag,
      ClickTrace: clickTrace ? '1' : undefined,
    },
  }
}

/** The standard headers that the API lets one write. */
function headersOf({ messageId, listUnsubscribe }: OutgoingMail): Readonly<Record<string, string>> {
  return {
    'Message-ID': messageId,
    ...(listUnsubscribe !== undefined && { 'List-Unsubscribe': unsubscribeWays(listUnsubscribe).join(', ') }),
    ...(listUnsubscribe?.oneClick === true && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
  }
}

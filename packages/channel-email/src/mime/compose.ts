import { detectMimeType } from 'nodemailer/lib/mime-funcs'
import type { EmailAttachment, ListUnsubscribe } from '../content/email-content.js'
import { encodeBytes, encodeText } from './body.js'
import { headerLine, mailboxLine } from './header-line.js'
import type { OutgoingMail } from './outgoing-mail.js'
import type { Slot } from './skeleton.js'
import type { SkeletonCache } from './skeleton-cache.js'
import { unsubscribeWays } from './unsubscribe-ways.js'

export interface Composing {
  readonly skeletons: SkeletonCache
  /** Milliseconds since the epoch, for Date. */
  readonly now: number
  /** Unforeseeable text of letters and digits: a body that knew it could add parts of its own. */
  readonly boundary: string
}

/**
 * The mail as bytes (RFC 5322, MIME) that end with a line break. Its parts are those that nodemailer composes for the
 * same content; their headers are composed once per shape. Bcc is in no header.
 */
export function composeMail(mail: OutgoingMail, { skeletons, now, boundary }: Composing): Buffer {
  const attachments = mail.attachments.map(withType)
  const html = filled(mail.html)
  const text = filled(mail.text) || (!html && attachments.length === 0)
  let out = headLines(mail, now)
  for (const piece of skeletons.of({ text, html, attachments })) {
    out += typeof piece === 'string' ? piece : fill(piece, mail, boundary)
  }
  return Buffer.from(out.endsWith('\r\n') ? out : `${out}\r\n`)
}

function headLines(mail: OutgoingMail, now: number): string {
  let lines = mailboxLine('From', [mail.from])
  lines += `To: ${mail.to}\r\n`
  lines += mailboxLine('Cc', mail.cc) + mailboxLine('Reply-To', mail.replyTo)
  lines += headerLine('Subject', mail.subject)
  lines += `Message-ID: ${mail.messageId}\r\nDate: ${new Date(now).toUTCString().replace('GMT', '+0000')}\r\n`
  for (const name in mail.headers) lines += headerLine(name, mail.headers[name] ?? '')
  return mail.listUnsubscribe === undefined ? lines : lines + unsubscribeLines(mail.listUnsubscribe)
}

function unsubscribeLines(given: ListUnsubscribe): string {
  const post = given.oneClick === true ? 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n' : ''
  return `List-Unsubscribe: ${unsubscribeWays(given).join(',\r\n ')}\r\n${post}`
}

function fill(slot: Slot, mail: OutgoingMail, boundary: string): string {
  switch (slot.slot) {
    case 'boundary':
      return boundary
    case 'text':
      return encodeText(mail.text ?? '')
    case 'html':
      return encodeText(mail.html ?? '')
    case 'attachment':
      return encodeBytes(bytesOf(mail.attachments[slot.index]))
  }
}

function bytesOf(attachment: EmailAttachment | undefined): Buffer {
  const content = attachment?.content ?? ''
  if (typeof content === 'string') return Buffer.from(content, attachment?.encoding ?? 'utf8')
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength)
}

function filled(body: string | undefined): boolean {
  return body !== undefined && body !== ''
}

/** The type that the filename tells where none is given. Text that was given as a string goes out in UTF-8, and says so. */
function withType(attachment: EmailAttachment): EmailAttachment {
  const { content, encoding, filename } = attachment
  const contentType = attachment.contentType ?? detectMimeType(filename)
  const isText = typeof content === 'string' && encoding !== 'base64' && /^text\//i.test(contentType)
  const isSilent = isText && !/;\s*charset=/i.test(contentType)
  return { ...attachment, contentType: isSilent ? `${contentType}; charset=utf-8` : contentType }
}

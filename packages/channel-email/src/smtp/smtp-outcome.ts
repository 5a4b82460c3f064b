import { type DeliveryOutcome, invalidAddress, rejected, retry, unknown } from '@reachkit/core/spec'
import type { SmtpFailure, SmtpReply } from './smtp-failure.js'

/** The account or the server is at fault, and a person must see to it: every mail would meet the same. */
const accountRetryMs = 5 * 60_000

/**
 * What a failure means for the message.
 * - Without a verdict of the server: `retry` while none of the mail was sent, `unknown` after that. What is neither 4yz
 *   nor 5yz is no verdict on a mail.
 * - 4yz, and 503 (the session was out of step): `retry`.
 * - 5yz before the mail was presented (greeting, EHLO, STARTTLS, AUTH), or "log in first" at MAIL FROM: the account's
 *   fault, `retry` after 5 minutes; rejecting would lose every message to one wrong password.
 * - 5yz to MAIL FROM: this sender or size is refused, `rejected`.
 * - 5yz to RCPT TO or DATA: `invalidAddress` where the enhanced code says that the mailbox or its domain does not exist
 *   (RFC 3463, X.1.z), else `rejected`: a bare 550 may as well be a policy (RFC 5321, 4.2.3).
 */
export function failureOutcome(failure: SmtpFailure): DeliveryOutcome {
  const { reply, contentBegan } = failure
  const reason = reasonOf(failure)
  if (contentBegan && !isVerdict(failure)) return unknown(reason)
  if (reply === undefined) return isTooLarge(failure) ? rejected('smtp message-too-large') : retry(undefined, reason)
  if (reply.code < 500 || reply.code === 503) return retry(undefined, reason)
  switch (failure.command) {
    case 'MAIL FROM':
      return wantsLogin(reply) ? retry(accountRetryMs, reason) : rejected(reason)
    case 'RCPT TO':
    case 'DATA':
      return isDead(reply) ? invalidAddress(reason) : rejected(reason)
    default:
      return retry(accountRetryMs, reason)
  }
}

// No mailbox, no domain, no address, moved, null MX (RFC 7505), mailbox shut. Not X.1.7 and X.1.8, which speak of the
// sender, and not X.1.0, which servers use for either.
const deadCodes = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'])

/** `smtp 550 5.1.1`, or `smtp ECONNREFUSED`: codes only, never a text of the server. */
export function reasonOf({ code, reply }: SmtpFailure): string {
  if (reply === undefined) return `smtp ${code}`
  return reply.enhanced === undefined ? `smtp ${reply.code}` : `smtp ${reply.code} ${reply.enhanced}`
}

/** True where the server says that the mailbox, its domain or the account behind it is gone. */
export function isDead({ enhanced }: SmtpReply): boolean {
  return enhanced !== undefined && deadCodes.has(enhanced)
}

/** Nodemailer fails a mail with EMESSAGE for every answer to it but 2yz, also for one that it cannot read. */
function isVerdict({ code, reply }: SmtpFailure): boolean {
  return code === 'EMESSAGE' && reply !== undefined && reply.code >= 400
}

function wantsLogin({ code, enhanced }: SmtpReply): boolean {
  return code === 530 || code === 535 || code === 538 || enhanced === '5.7.8'
}

/** Nodemailer compares the size with what EHLO announced (RFC 1870), and sends nothing. */
function isTooLarge({ code, command }: SmtpFailure): boolean {
  return code === 'EMESSAGE' && command === 'MAIL FROM'
}

import PostalMime from 'postal-mime'
import type { ReceivedMail } from '../servers/mail-server.js'
import { differences } from './lists.js'

export interface ExpectedMail {
  readonly to: string
  readonly subject: string
  /** What must stand in its HTML. */
  readonly html?: RegExp
}

/** The server got each of these mails once and no other, with the right subject and body. */
export async function checkMails(
  received: readonly ReceivedMail[],
  expected: readonly ExpectedMail[],
): Promise<string[]> {
  const mails = await Promise.all(received.map(decode))
  const problems = differences('mails', mails.map(labelOf), expected.map(labelOf))
  const htmlOf = new Map(mails.map((mail) => [labelOf(mail), mail.html]))
  const wrong = expected.filter((mail) => mail.html !== undefined && !mail.html.test(htmlOf.get(labelOf(mail)) ?? ''))
  return wrong.length === 0 ? problems : [...problems, `mails: ${wrong.length} with another body than expected`]
}

async function decode({ to, raw }: ReceivedMail) {
  const { subject = '', html = '' } = await PostalMime.parse(raw)
  return { to, subject, html }
}

function labelOf({ to, subject }: Pick<ExpectedMail, 'to' | 'subject'>): string {
  return `${to}: ${subject}`
}

import type { DeliveryContext } from '@reachkit/core/spec'
import type { SmtpFailure } from './smtp-failure.js'
import { isDead, reasonOf } from './smtp-outcome.js'
import type { SmtpMail, SmtpTransport } from './smtp-transport.js'

/**
 * Sends the same mail to its copies (cc, bcc), after the recipient's own was taken and in a transaction of their own: in
 * one, a server that defers the recipient and takes a copy would leave only a choice of sending the copy twice or the
 * mail never. What the server refuses is reported, and not tried again.
 */
export async function sendCopies(
  transport: SmtpTransport,
  mail: SmtpMail,
  messageId: string,
  context: DeliveryContext,
): Promise<void> {
  const result = await transport.send(mail, context.signal)
  const refused =
    result.kind === 'taken' ? result.refused : mail.to.map((address) => ({ address, failure: result.failure }))
  for (const { address, failure } of refused) {
    context.report({ kind: kindOf(failure), messageId, address, reason: `copy: ${reasonOf(failure)}` })
  }
}

function kindOf({ reply, command }: SmtpFailure): 'address-dead' | 'warning' {
  return command === 'RCPT TO' && reply !== undefined && isDead(reply) ? 'address-dead' : 'warning'
}

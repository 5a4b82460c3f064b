import {
  type ChannelDriver,
  channelOf,
  type DeliveryContext,
  type DeliveryOutcome,
  rejected,
  retry,
  sent,
} from '@reachkit/core/spec'
import type { EmailAddress } from '../address/email-address.js'
import type { EmailContent } from '../content/email-content.js'
import { driverFields } from '../driver-fields.js'
import type { EmailChannel } from '../email-channel.js'
import { type EmailRequest } from '../mime/outgoing-mail.js'
import { createComposer } from '../mime/composer.js'
import { sendCopies } from './copies.js'
import { createSigner } from './dkim.js'
import { failureOutcome } from './smtp-outcome.js'
import { resolveSmtpOptions, type SmtpOptions, type SmtpSettings } from './smtp-options.js'
import { SmtpTransport } from './smtp-transport.js'

/**
 * E-mail over SMTP (RFC 5321), through nodemailer's pool. Opens nothing before the first mail.
 *
 * One attempt a call; core retries. A retry carries the same Message-ID, but SMTP deduplicates nothing: a mail whose
 * outcome is `unknown` (the connection was lost between its first byte and the server's reply) may arrive twice when it is
 * sent again. What each reply means is in `failureOutcome`. The id of a sent mail is its Message-ID.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function smtp(options: SmtpOptions): EmailChannel {
  return channelOf(createSmtpDriver(resolveSmtpOptions(options)))
}

function createSmtpDriver(
  settings: SmtpSettings,
): ChannelDriver<EmailAddress, EmailContent> & { readonly channel: 'email' } {
  const transport = new SmtpTransport(settings)
  const deliver = createDeliver(settings, transport)
  let closed = false
  return {
    ...driverFields,
    provider: settings.provider,
    capabilities: settings.capabilities,
    deliver: async (request, context) => (closed ? retry(undefined, 'smtp closed') : deliver(request, context)),
    async close() {
      closed = true
      await transport.close()
    },
  }
}

function createDeliver({ defaults, dkim }: SmtpSettings, transport: SmtpTransport) {
  const compose = createComposer(defaults)
  const sign = dkim === undefined ? undefined : createSigner(dkim)
  return async (request: EmailRequest, context: DeliveryContext): Promise<DeliveryOutcome> => {
    if (context.signal.aborted) return retry(undefined, 'smtp aborted')
    const composed = compose(request, context)
    if (composed === undefined) return rejected('list-unsubscribe invalid')
    const bytes = sign === undefined ? composed.bytes : await sign(composed.bytes)
    const mail = { from: composed.returnPath, to: [composed.to], messageId: composed.messageId, bytes }
    const result = await transport.send(mail, context.signal)
    if (result.kind === 'failed') return failureOutcome(result.failure)
    if (composed.copies.length > 0) await sendCopies(transport, { ...mail, to: composed.copies }, request.id, context)
    return sent(result.id)
  }
}

import {
  type ChannelDriver,
  channelOf,
  type DeliveryContext,
  type DeliveryOutcome,
  rejected,
  retry,
} from '@reachkit/core/spec'
import { createInFlight, tellOfFault } from '@reachkit/driver-kit'
import type { EmailAddress } from '../address/email-address.js'
import type { EmailContent } from '../content/email-content.js'
import { driverFields } from '../driver-fields.js'
import type { EmailChannel } from '../email-channel.js'
import { createComposer } from '../mime/composer.js'
import type { EmailRequest } from '../mime/outgoing-mail.js'
import { resolveSesOptions, type SesOptions, type SesSettings } from './ses-options.js'
import { type MailSender, SesSender } from './ses-sender.js'
import { ThinSesSender } from './thin-ses-sender.js'

/**
 * E-mail over the Amazon SES API (version 1), by the SDK that the app installs: `npm install @aws-sdk/client-ses`. With
 * `client: 'thin'` it is not needed: a signer and connections of our own make the same call at a fraction of the cost, and
 * `region` and `credentials` must be given.
 *
 * Every mail goes as SendRawEmail ("SendRawEmail" in the Amazon SES API Reference), so attachments, headers and
 * List-Unsubscribe work as they do over SMTP; copies are in the same call, 49 at most. SES signs with DKIM itself and puts
 * a Message-ID of its own in place of ours. One attempt a call, and the SDK retries nothing; SES does not deduplicate.
 * What each error means is in `errorOutcome`. The id of a sent mail is the MessageId that SES answers and that its events
 * name.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function ses(options: SesOptions): EmailChannel {
  const settings = resolveSesOptions(options)
  const { thin, configurationSet } = settings
  const sender = thin === undefined ? new SesSender(settings) : new ThinSesSender(thin, configurationSet)
  return channelOf(createSesDriver(settings, sender))
}

/** The driver behind `ses`, around a sender. */
export function createSesDriver(
  settings: SesSettings,
  sender: MailSender,
): ChannelDriver<EmailAddress, EmailContent> & { readonly channel: 'email' } {
  const inFlight = createInFlight()
  const deliver = createDeliver(settings, sender)
  return {
    ...driverFields,
    provider: settings.provider,
    capabilities: settings.capabilities,
    deliver: async (request, context) => inFlight.run(async () => deliver(request, context)),
    async close() {
      await inFlight.idle()
      await sender.close()
    },
  }
}

function createDeliver({ defaults }: SesSettings, sender: MailSender) {
  const compose = createComposer(defaults)
  return async (request: EmailRequest, context: DeliveryContext): Promise<DeliveryOutcome> => {
    if (context.signal.aborted) return retry(undefined, 'ses aborted')
    const mail = compose(request, context)
    if (mail === undefined) return rejected('list-unsubscribe invalid')
    return tellOfFault(await sender.send(mail, context), request, context)
  }
}

import { channelOf, rejected } from '@reachkit/core/spec'
import { createHttpDriver, jsonRequest, tellOfFault } from '@reachkit/driver-kit'
import { driverFields } from '../driver-fields.js'
import type { EmailChannel } from '../email-channel.js'
import { createComposer } from '../mime/composer.js'
import { type MailchimpOptions, resolveMailchimpOptions } from './mailchimp-options.js'
import { mailchimpOutcome } from './mailchimp-outcome.js'

/**
 * E-mail over the API of Mailchimp Transactional (formerly Mandrill), version 1.0.
 *
 * Every mail goes as "Send new raw message" (/messages/send-raw,
 * https://mailchimp.com/developer/transactional/api/messages/send-mime-document/), so attachments, headers and
 * List-Unsubscribe are as over SMTP; copies are in the same call. Mailchimp signs with DKIM itself and does not deduplicate.
 * What each code means is in `mailchimpOutcome`. The id of a sent mail is its `_id`, which webhooks name.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function mailchimp(options: MailchimpOptions): EmailChannel {
  const settings = resolveMailchimpOptions(options)
  const { endpoint, apiKey, ipPool, returnPathDomain, defaults } = settings
  const compose = createComposer(defaults)
  return channelOf(
    createHttpDriver({
      fields: driverFields,
      settings,
      async deliver(request, call, context) {
        const mail = compose(request, context)
        if (mail === undefined) return rejected('list-unsubscribe invalid')
        const body = {
          key: await apiKey(),
          raw_message: mail.bytes.toString(),
          to: [mail.to, ...mail.copies],
          async: false,
          ...(ipPool !== undefined && { ip_pool: ipPool }),
          ...(returnPathDomain !== undefined && { return_path_domain: returnPathDomain }),
        }
        const answer = await call(jsonRequest(`${endpoint}/api/1.0/messages/send-raw`, body))
        return tellOfFault(mailchimpOutcome(answer, mail, request.id, context), request, context)
      },
    }),
  )
}

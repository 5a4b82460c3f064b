import { channelOf, rejected } from '@reachkit/core/spec'
import { aliyunRequest, createHttpDriver, tellOfFault } from '@reachkit/driver-kit'
import { driverFields } from '../driver-fields.js'
import type { EmailChannel } from '../email-channel.js'
import { resolveMail } from '../mime/outgoing-mail.js'
import { type DirectMailOptions, resolveDirectMailOptions } from './direct-mail-options.js'
import { directMailOutcome } from './direct-mail-outcome.js'
import { singleSendMail, whatDoesNotFit } from './direct-mail-request.js'

/**
 * E-mail over DirectMail of Alibaba Cloud: "SingleSendMail" (https://www.alibabacloud.com/help/en/direct-mail/singlesendmail),
 * signed by ACS3-HMAC-SHA256. One call an attempt; DirectMail does not deduplicate.
 *
 * The API composes the mail itself: attachments, copies and headers of one's own have no place in it. A mail with one of them
 * is rejected rather than sent without; another provider of the channel may send it. Message-ID and List-Unsubscribe travel
 * along. What each code means is in `directMailOutcome`. The id of a sent mail is its EnvId.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function directMail(options: DirectMailOptions): EmailChannel {
  const settings = resolveDirectMailOptions(options)
  return channelOf(
    createHttpDriver({
      fields: driverFields,
      settings,
      async deliver(request, call, context) {
        const mail = resolveMail(request, settings.defaults)
        if (mail === undefined) return rejected('list-unsubscribe invalid')
        const fault = whatDoesNotFit(mail)
        if (fault !== undefined) return rejected(`directmail ${fault}`)
        const key = await settings.credentials()
        const now = context.clock.now()
        const answer = await call(aliyunRequest(singleSendMail(mail, settings), key, now))
        return tellOfFault(directMailOutcome(answer), request, context)
      },
    }),
  )
}

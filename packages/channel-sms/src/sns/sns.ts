import { type ChannelDriver, channelOf, rejected, retry, sent } from '@reachkit/core/spec'
import { createInFlight, tellOfFault } from '@reachkit/driver-kit'
import type { PhoneNumber } from '../address/phone-number.js'
import type { SmsContent } from '../content/sms-content.js'
import { driverFields } from '../driver-fields.js'
import type { SmsChannel } from '../sms-channel.js'
import { costOfText } from '../sms-cost.js'
import { publishOf } from './publish.js'
import { resolveSnsOptions, type SnsOptions, type SnsSettings } from './sns-options.js'
import { createThinSnsSender, SdkSnsSender, type SnsSender } from './sns-sender.js'

/** "Publish" in the Amazon SNS API Reference: an SMS may have 1,600 characters. */
const maxLength = 1_600

/**
 * SMS over Amazon SNS (Publish to a phone number), by the SDK that the app installs: `npm install @aws-sdk/client-sns`.
 * With `client: 'thin'` it is not needed: a signer and connections of our own make the same call at a fraction of the cost,
 * and `region` and `credentials` must be given. One call an attempt, and the SDK retries nothing; SNS does not deduplicate
 * messages to numbers. The id of a sent message is its MessageId. What each error means is in `failureOutcome`.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function sns(options: SnsOptions): SmsChannel {
  const settings = resolveSnsOptions(options)
  const { thin } = settings
  return channelOf(
    createSnsDriver(settings, thin === undefined ? new SdkSnsSender(settings) : createThinSnsSender(thin)),
  )
}

/** The driver behind `sns`, around a sender. */
export function createSnsDriver(
  settings: SnsSettings,
  sender: SnsSender,
): ChannelDriver<PhoneNumber, SmsContent> & { readonly channel: 'sms' } {
  const { provider, capabilities } = settings
  const inFlight = createInFlight()
  return {
    ...driverFields,
    provider,
    capabilities,
    estimate: ({ content }) => costOfText(capabilities, content.text),
    async deliver(request, context) {
      if (context.signal.aborted) return retry(undefined, 'sns aborted')
      const { text } = request.content
      if (text.length > maxLength) return rejected('sns text too long')
      const outcome = await inFlight.run(async () => sender.publish(publishOf(request, settings), context))
      if (outcome.kind === 'sent') return sent(outcome.providerId, costOfText(capabilities, text))
      return tellOfFault(outcome, request, context)
    },
    async close() {
      await inFlight.idle()
      await sender.close()
    },
  }
}

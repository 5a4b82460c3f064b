import { type ChannelDriver, channelOf, type DeliveryOutcome, sent } from '@reachkit/core/spec'
import { codeAt, createHttpDriver, type HttpAnswer, textAt } from '@reachkit/driver-kit'
import type { PhoneNumber } from '../address/phone-number.js'
import type { SmsContent } from '../content/sms-content.js'
import { driverFields } from '../driver-fields.js'
import type { SmsChannel } from '../sms-channel.js'
import { resolveTwilioOptions, type TwilioOptions, type TwilioSettings } from './twilio-options.js'
import { twilioOutcome } from './twilio-outcome.js'
import { twilioRequest } from './twilio-request.js'

/**
 * SMS over the Messages resource of Twilio's REST API (version 2010-04-01). One call an attempt; Twilio does not
 * deduplicate. The id of a sent message is its sid, which status callbacks name as MessageSid. What each code means is in
 * `twilioOutcome`.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function twilio(options: TwilioOptions): SmsChannel {
  return channelOf(createTwilioDriver(resolveTwilioOptions(options)))
}

function createTwilioDriver(
  settings: TwilioSettings,
): ChannelDriver<PhoneNumber, SmsContent> & { readonly channel: 'sms' } {
  return createHttpDriver({
    fields: driverFields,
    settings,
    async deliver(request, call) {
      return outcomeOf(await call(twilioRequest(request, settings, await settings.authToken())))
    },
  })
}

function outcomeOf(answer: HttpAnswer): DeliveryOutcome {
  const { json } = answer
  const sid = textAt(json, 'sid')
  const status = textAt(json, 'status')
  const failed = status === 'failed' || status === 'undelivered' || status === 'canceled'
  if (answer.ok && sid !== undefined && !failed) return sent(sid)
  // A refusal has `code`; a message that failed at once has `error_code`.
  return twilioOutcome(answer, codeAt(json, 'code') ?? codeAt(json, 'error_code') ?? (failed ? status : undefined))
}

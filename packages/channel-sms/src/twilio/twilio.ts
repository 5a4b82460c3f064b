import { type ChannelDriver, channelOf, type Cost, type DeliveryOutcome, sent } from '@reachkit/core/spec'
import { codeAt, createHttpDriver, type HttpAnswer, tellOfFault, textAt } from '@reachkit/driver-kit'
import type { PhoneNumber } from '../address/phone-number.js'
import type { SmsContent } from '../content/sms-content.js'
import { driverFields } from '../driver-fields.js'
import type { SmsChannel } from '../sms-channel.js'
import { costOfParts, costOfText } from '../sms-cost.js'
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
    estimate: ({ content }) => costOfText(settings.capabilities, content.text),
    async deliver(request, call, context) {
      const answer = await call(twilioRequest(request, settings, await settings.authToken()))
      return tellOfFault(outcomeOf(answer, costOf(answer, request.content, settings)), request, context)
    },
  })
}

/** By the parts that Twilio counts; where it has not yet, as with a messaging service, by those of the text. */
function costOf(
  { json }: HttpAnswer,
  { text, vendors }: SmsContent,
  { capabilities }: TwilioSettings,
): Cost | undefined {
  const parts = Number(codeAt(json, 'num_segments') ?? 0)
  if (Number.isSafeInteger(parts) && parts > 0) return costOfParts(capabilities, parts)
  return vendors?.twilio === undefined ? costOfText(capabilities, text) : undefined
}

function outcomeOf(answer: HttpAnswer, cost: Cost | undefined): DeliveryOutcome {
  const { json } = answer
  const sid = textAt(json, 'sid')
  const status = textAt(json, 'status')
  const failed = status === 'failed' || status === 'undelivered' || status === 'canceled'
  if (answer.ok && sid !== undefined && !failed) return sent(sid, cost)
  // A refusal has `code`; a message that failed at once has `error_code`.
  return twilioOutcome(answer, codeAt(json, 'code') ?? codeAt(json, 'error_code') ?? (failed ? status : undefined))
}

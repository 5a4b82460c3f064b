import { channelOf, type DeliveryOutcome, rejected, sent } from '@reachkit/core/spec'
import {
  basicAuth,
  codeAt,
  createHttpDriver,
  formRequest,
  type HttpAnswer,
  tellOfFault,
  textAt,
} from '@reachkit/driver-kit'
import { resolveTwilioCallOptions, type TwilioCallOptions } from './twilio-call-options.js'
import { twilioCallOutcome } from './twilio-call-outcome.js'
import { twimlOf } from './twiml.js'
import { type VoiceChannel, voiceFields } from './voice-channel.js'

/** "Calls resource": Twiml may have 4,000 characters. */
const maxTwiml = 4_000

/**
 * Calls over the Calls resource of Twilio's REST API (version 2010-04-01) that read the text out by TwiML's `<Say>`. One
 * call an attempt; Twilio does not deduplicate. `sent` means that Twilio has queued the call, not that anybody listened:
 * status callbacks tell that, and name the sid, which is the id of a sent message.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function twilioCall(options: TwilioCallOptions): VoiceChannel {
  const settings = resolveTwilioCallOptions(options)
  const { endpoint, accountSid, user, authToken, from, voice, ringSeconds, statusCallback } = settings
  const url = `${endpoint}/2010-04-01/Accounts/${accountSid}/Calls.json`
  return channelOf(
    createHttpDriver({
      fields: voiceFields,
      settings,
      async deliver(request, call, context) {
        const { to, content } = request
        const { text, language = settings.language, times } = content
        const twiml = twimlOf({ text, language, voice, times })
        if (twiml.length > maxTwiml) return rejected('twilio text too long')
        const timeout = ringSeconds === undefined ? undefined : String(ringSeconds)
        const fields = { To: to, From: from, Twiml: twiml, Timeout: timeout, StatusCallback: statusCallback }
        const headers = { authorization: basicAuth(user, await authToken()) }
        return tellOfFault(outcomeOf(await call(formRequest(url, fields, headers))), request, context)
      },
    }),
  )
}

function outcomeOf(answer: HttpAnswer): DeliveryOutcome {
  const sid = textAt(answer.json, 'sid')
  const status = textAt(answer.json, 'status')
  const failed = status === 'failed' || status === 'canceled'
  if (answer.ok && sid !== undefined && !failed) return sent(sid)
  return twilioCallOutcome(answer, codeAt(answer.json, 'code') ?? (failed ? status : undefined))
}

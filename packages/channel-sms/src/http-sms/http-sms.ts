import { channelOf, type DeliveryOutcome, sent } from '@reachkit/core/spec'
import { codeAt, createHttpDriver, createOutcomes, type HttpAnswer, tellOfFault } from '@reachkit/driver-kit'
import { driverFields } from '../driver-fields.js'
import type { SmsChannel } from '../sms-channel.js'
import { costOfText } from '../sms-cost.js'
import { type HttpSmsOptions, type HttpSmsSettings, resolveHttpSmsOptions } from './http-sms-options.js'
import { httpSmsRequest } from './http-sms-request.js'

const refusal = createOutcomes({
  vendor: 'gateway',
  document: 'RFC 9110, "HTTP Semantics", 15 (Status Codes): gateways share nothing but these',
  codes: {},
  otherwise: 'rejected',
})

/**
 * SMS by any gateway that takes one message in one HTTP call: what its fields are called, and where its answer holds the
 * id, are options. A message is sent where the answer is 2xx, has no code of refusal, and has an id other than 0 (or looks as
 * `accepted` says); otherwise the status decides, and a 2xx without proof is unknown.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function httpSms(options: HttpSmsOptions): SmsChannel {
  const settings = resolveHttpSmsOptions(options)
  return channelOf(
    createHttpDriver({
      fields: driverFields,
      settings,
      estimate: ({ content }) => costOfText(settings.capabilities, content.text),
      async deliver(request, call, context) {
        const answer = await call(await httpSmsRequest(request, settings))
        return tellOfFault(outcomeOf(answer, settings, request.content.text), request, context)
      },
    }),
  )
}

function outcomeOf(answer: HttpAnswer, settings: HttpSmsSettings, text: string): DeliveryOutcome {
  const { capabilities } = settings
  // A gateway may give an id to what it refuses.
  const code = codeAt(answer.json, ...settings.codeAt)
  if (code !== undefined && !settings.isOkCode(code)) return refusal(answer, code)
  const id = codeAt(answer.json, ...settings.idAt)
  if (answer.ok && id !== undefined && id !== '0') return sent(id, costOfText(capabilities, text))
  // A new expression each time: one with the flag `g` remembers where it stopped.
  if (answer.ok && settings.accepted !== undefined && new RegExp(settings.accepted).test(answer.text))
    return sent(undefined, costOfText(capabilities, text))
  return refusal(answer)
}

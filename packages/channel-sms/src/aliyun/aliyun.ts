import { createHash } from 'node:crypto'
import {
  type ChannelDriver,
  channelOf,
  type DeliveryContext,
  type DeliveryOutcome,
  rejected,
  sent,
} from '@reachkit/core/spec'
import {
  type AliyunCall,
  aliyunRequest,
  type Call,
  codeAt,
  createHttpDriver,
  type HttpAnswer,
  tellOfFault,
  tellOfFaults,
  textAt,
} from '@reachkit/driver-kit'
import type { PhoneNumber } from '../address/phone-number.js'
import type { SmsContent } from '../content/sms-content.js'
import { driverFields } from '../driver-fields.js'
import { oneOfSeveral } from '../one-of-several.js'
import type { SmsChannel } from '../sms-channel.js'
import { costOfTemplate } from '../sms-cost.js'
import type { SmsRequest } from '../sms-request.js'
import { type AliyunOptions, type AliyunSettings, resolveAliyunOptions } from './aliyun-options.js'
import { aliyunOutcome, isOfNumber } from './aliyun-outcome.js'
import { sendBatchSms, sendSms, type Templated } from './aliyun-request.js'

const noTemplate = rejected('aliyun no template')

/**
 * SMS over Aliyun's SMS service (Dysmsapi 2017-05-25), by its own templates: content needs `vendors.aliyun`. Messages of
 * one template and signature go out in one call, up to 100, which has one answer: see `oneOfSeveral`. Aliyun does not
 * deduplicate.
 *
 * The id of a sent message is its BizId. Messages of one call share it, and its delivery reports tell them apart by the
 * number alone ("SmsReport", https://help.aliyun.com/document_detail/101867.html): their ids have `/` and a digest of the
 * number behind it, and two messages to one number are never in one call. A message that is sent alone has its own id as
 * OutId, which its report names; reports of the others name none. What each code means is in `aliyunOutcome`.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function aliyun(options: AliyunOptions): SmsChannel<'aliyun'> {
  return channelOf(createAliyunDriver(resolveAliyunOptions(options)))
}

function createAliyunDriver(
  settings: AliyunSettings,
): ChannelDriver<PhoneNumber, SmsContent> & { readonly channel: 'sms' } {
  const ask = async (request: AliyunCall, call: Call, { clock }: DeliveryContext): Promise<HttpAnswer> =>
    call(aliyunRequest(request, await settings.credentials(), clock.now()))
  return createHttpDriver({
    fields: driverFields,
    settings,
    templated: 'aliyun',
    estimate: ({ content: { text, vendors } }) =>
      costOfTemplate(settings.capabilities, vendors?.aliyun?.sign ?? settings.sign, text),
    async deliver(request, call, context) {
      const template = request.content.vendors?.aliyun
      if (template === undefined) return noTemplate
      return tellOfFault(
        outcomeOf(await ask(sendSms({ request, template }, settings), call, context)),
        request,
        context,
      )
    },
    groupOf: ({ to, content }) => groupOf(to, content, settings),
    apartBy: ({ to }) => to,
    async deliverBatch(requests, call, context) {
      const batch = requests.flatMap((request) => templated(request))
      if (batch.length === 0) return requests.map(() => noTemplate)
      const outcome = outcomeOfCall(await ask(sendBatchSms(batch, settings), call, context), batch.length)
      tellOfFaults([outcome], requests, context)
      return requests.map(({ to }) => ofNumber(outcome, to))
    },
  })
}

/**
 * One template a call; domestic numbers and others have templates of their own. One signature as well: what is wrong with it
 * is then wrong for the whole call.
 */
function groupOf(to: PhoneNumber, { vendors }: SmsContent, { sign }: AliyunSettings): string {
  const { template = '', sign: own = sign } = vendors?.aliyun ?? {}
  return JSON.stringify([template, own, to.startsWith('+86')])
}

function templated(request: SmsRequest): Templated[] {
  const template = request.content.vendors?.aliyun
  return template === undefined ? [] : [{ request, template }]
}

function outcomeOf(answer: HttpAnswer): DeliveryOutcome {
  const code = codeAt(answer.json, 'Code')
  const id = textAt(answer.json, 'BizId')
  if (answer.ok && code === 'OK' && id !== undefined) return sent(id)
  return aliyunOutcome(answer, code === 'OK' ? undefined : code)
}

function outcomeOfCall(answer: HttpAnswer, size: number): DeliveryOutcome {
  const outcome = outcomeOf(answer)
  return size === 1 ? outcome : oneOfSeveral(outcome, codeAt(answer.json, 'Code'), isOfNumber)
}

function ofNumber(outcome: DeliveryOutcome, to: PhoneNumber): DeliveryOutcome {
  if (outcome.kind !== 'sent') return outcome
  return sent(`${outcome.providerId}/${createHash('sha256').update(reported(to)).digest('hex').slice(0, 12)}`)
}

/** The number as reports write it: one of the mainland without the code of its country. No call has both kinds. */
function reported(to: PhoneNumber): string {
  return to.slice(to.startsWith('+86') ? '+86'.length : '+'.length)
}

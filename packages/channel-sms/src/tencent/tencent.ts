import {
  type ChannelDriver,
  channelOf,
  type DeliveryContext,
  type DeliveryOutcome,
  rejected,
  sent,
  unknown,
} from '@reachkit/core/spec'
import {
  type Call,
  codeAt,
  createHttpDriver,
  fieldAt,
  type HttpAnswer,
  listAt,
  numberAt,
  tellOfFaults,
  textAt,
} from '@reachkit/driver-kit'
import type { PhoneNumber } from '../address/phone-number.js'
import type { SmsContent } from '../content/sms-content.js'
import { driverFields } from '../driver-fields.js'
import { oneOfSeveral } from '../one-of-several.js'
import type { SmsChannel } from '../sms-channel.js'
import { costOfParts, costOfTemplate } from '../sms-cost.js'
import type { SmsRequest } from '../sms-request.js'
import { resolveTencentOptions, type TencentOptions, type TencentSettings } from './tencent-options.js'
import { isOfNumber, tencentOutcome } from './tencent-outcome.js'
import { tencentRequest } from './tencent-request.js'

const noTemplate = rejected('tencent no template')

/**
 * SMS over Tencent Cloud's SMS service (API version 2021-01-11), by its own templates: content needs `vendors.tencent`.
 * Messages that say the same go out in one call, up to 200 numbers, and each has an outcome of its own. Tencent Cloud does
 * not deduplicate. The id of a sent message is its SerialNo; its cost is counted by the Fee of the answer. What each code
 * means is in `tencentOutcome`.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function tencent(options: TencentOptions): SmsChannel<'tencent'> {
  return channelOf(createTencentDriver(resolveTencentOptions(options)))
}

function createTencentDriver(
  settings: TencentSettings,
): ChannelDriver<PhoneNumber, SmsContent> & { readonly channel: 'sms' } {
  const send = async (
    requests: readonly SmsRequest[],
    call: Call,
    context: DeliveryContext,
  ): Promise<readonly DeliveryOutcome[]> => {
    // Those of one group say the same.
    const template = requests[0]?.content.vendors?.tencent
    if (template === undefined) return requests.map(() => noTemplate)
    const numbers = requests.map(({ to }) => to)
    const key = await settings.credentials()
    const answer = await call(tencentRequest(numbers, template, settings, key, context.clock.now()))
    return tellOfFaults(outcomesOf(answer, numbers, settings), requests, context)
  }
  return createHttpDriver({
    fields: driverFields,
    settings,
    templated: 'tencent',
    estimate: ({ content: { text, vendors } }) =>
      costOfTemplate(settings.capabilities, vendors?.tencent?.sign ?? settings.sign, text),
    deliver: async (request, call, context) => (await send([request], call, context))[0] ?? unknown(),
    groupOf: ({ to, content }) => groupOf(to, content),
    // Nowhere is it said what becomes of a number that a call has twice.
    apartBy: ({ to }) => to,
    deliverBatch: send,
  })
}

/** Numbers of the mainland and others may not be in one call, and all numbers of a call get the same. */
function groupOf(to: PhoneNumber, { vendors }: SmsContent): string {
  const { template, sign, params } = vendors?.tencent ?? {}
  return JSON.stringify([to.startsWith('+86'), template, sign, params])
}

function outcomesOf(
  answer: HttpAnswer,
  numbers: readonly PhoneNumber[],
  settings: TencentSettings,
): readonly DeliveryOutcome[] {
  const error = codeAt(answer.json, 'Response', 'Error', 'Code')
  const statuses = listAt(answer.json, 'Response', 'SendStatusSet')
  if (!answer.ok || error !== undefined) {
    const outcome = tencentOutcome(answer, error)
    const ofEach = numbers.length === 1 ? outcome : oneOfSeveral(outcome, error, isOfNumber)
    return numbers.map(() => ofEach)
  }
  return numbers.map((number, index) => {
    const status = statuses[index]
    // In the order of the numbers, and each names its own: one that names another proves nothing.
    return fieldAt(status, 'PhoneNumber') === number ? outcomeOf(answer, status, settings) : unknown('tencent no proof')
  })
}

function outcomeOf(answer: HttpAnswer, status: unknown, { capabilities }: TencentSettings): DeliveryOutcome {
  const code = codeAt(status, 'Code')
  const id = textAt(status, 'SerialNo')
  if (code !== 'Ok' || id === undefined) return tencentOutcome(answer, code === 'Ok' ? undefined : code)
  const parts = numberAt(status, 'Fee')
  return sent(id, parts === undefined ? undefined : costOfParts(capabilities, parts))
}

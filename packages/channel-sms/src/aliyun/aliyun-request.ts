import type { AliyunCall } from '@reachkit/driver-kit'
import type { AliyunTemplate } from '../content/sms-content.js'
import type { SmsRequest } from '../sms-request.js'
import type { AliyunSettings } from './aliyun-options.js'

const version = '2017-05-25'

/** A message and its template: what is sent where there is one. */
export interface Templated {
  readonly request: SmsRequest
  readonly template: AliyunTemplate
}

/** One message ("SendSms"). Its id travels along as OutId, which delivery reports name. */
export function sendSms({ request, template }: Templated, { endpoint, sign }: AliyunSettings): AliyunCall {
  return {
    endpoint,
    action: 'SendSms',
    version,
    query: {
      PhoneNumbers: numberOf(request),
      SignName: template.sign ?? sign,
      TemplateCode: template.template,
      TemplateParam: template.params === undefined ? undefined : JSON.stringify(template.params),
      OutId: request.id,
    },
  }
}

/** Up to 100 messages of one template ("SendBatchSms"): each with a number, a signature and variables of its own. */
export function sendBatchSms(batch: readonly Templated[], { endpoint, sign }: AliyunSettings): AliyunCall {
  const listOf = (field: (one: Templated) => unknown): string => JSON.stringify(batch.map(field))
  const hasParams = batch.some(({ template }) => template.params !== undefined)
  return {
    endpoint,
    action: 'SendBatchSms',
    version,
    query: { TemplateCode: batch[0]?.template.template },
    form: {
      PhoneNumberJson: listOf(({ request }) => numberOf(request)),
      SignNameJson: listOf(({ template }) => template.sign ?? sign ?? ''),
      TemplateParamJson: hasParams ? listOf(({ template }) => template.params ?? {}) : undefined,
    },
  }
}

/** With the code of its country and without `+`, as numbers of all countries are taken. */
function numberOf({ to }: SmsRequest): string {
  return to.slice(1)
}

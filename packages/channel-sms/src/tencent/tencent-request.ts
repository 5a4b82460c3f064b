import type { HttpRequest } from '@reachkit/driver-kit'
import type { TencentTemplate } from '../content/sms-content.js'
import type { TencentSettings } from './tencent-options.js'
import { tc3Headers, type Tc3Key } from './tc3.js'

/** One call for up to 200 numbers, all of which get the same ("SendSms", version 2021-01-11). */
export function tencentRequest(
  numbers: readonly string[],
  { template, sign, params }: TencentTemplate,
  settings: TencentSettings,
  key: Tc3Key,
  now: number,
): HttpRequest {
  const { endpoint, sdkAppId, senderId, region } = settings
  // A field that is undefined is left out.
  const body = JSON.stringify({
    PhoneNumberSet: numbers,
    SmsSdkAppId: sdkAppId,
    TemplateId: template,
    SignName: sign ?? settings.sign,
    TemplateParamSet: params,
    SenderId: senderId,
  })
  const call = { endpoint, service: 'sms', action: 'SendSms', version: '2021-01-11', region, body }
  return { method: 'POST', url: `${endpoint}/`, headers: tc3Headers(call, key, now), body }
}

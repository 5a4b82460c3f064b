import type { KeyObject } from 'node:crypto'
import { formRequest, type HttpRequest, queryText } from '@reachkit/driver-kit'
import { type AlipayContent, dataText } from './alipay-content.js'
import { signAlipay } from './alipay-signature.js'

export const sendMethod = 'alipay.open.app.mini.templatemessage.send'

export interface AlipayCall {
  readonly endpoint: string
  readonly appId: string
  readonly key: KeyObject
  readonly appAuthToken: string | undefined
  readonly to: string
  readonly content: AlipayContent
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * The call that sends a template message (Alipay, "alipay.open.app.mini.templatemessage.send":
 * https://opendocs.alipay.com/mini/02cth2). The common parameters stand in the query, where the gateway looks for the
 * charset of the rest.
 */
export function alipayRequest({ endpoint, appId, key, appAuthToken, to, content, now }: AlipayCall): HttpRequest {
  const common = {
    method: sendMethod,
    app_id: appId,
    charset: 'utf-8',
    version: '1.0',
    sign_type: 'RSA2',
    timestamp: inChina(now),
    ...(appAuthToken !== undefined && { app_auth_token: appAuthToken }),
  }
  const body = { biz_content: JSON.stringify(bizContent(to, content)) }
  const sign = signAlipay({ ...common, ...body }, key)
  return formRequest(`${endpoint}?${queryText({ ...common, sign })}`, body)
}

function bizContent(to: string, { template, page, data, formId }: AlipayContent): object {
  return {
    ...(/^2088\d{12}$/.test(to) ? { to_user_id: to } : { to_open_id: to }),
    ...(formId !== undefined && { form_id: formId }),
    user_template_id: template,
    page,
    data: dataText(data),
  }
}

/** `yyyy-MM-dd HH:mm:ss`, by the clock of China, which has no summer time. */
function inChina(now: number): string {
  return new Date(now + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
}

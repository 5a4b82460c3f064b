import type { KeyObject } from 'node:crypto'
import { type DeliveryOutcome, sent, unknown } from '@reachkit/core/spec'
import { codeAt, createOutcomes, fieldAt, type HttpAnswer, type OutcomeTable, textAt } from '@reachkit/driver-kit'
import { sendMethod } from './alipay-request.js'
import { isSignedByAlipay, rawMember } from './alipay-signature.js'

/**
 * By Alipay's "Common error codes" (https://opendocs.alipay.com/common/02km9f, read in a copy of 2026) and the codes of
 * "alipay.open.app.mini.templatemessage.send" (https://opendocs.alipay.com/mini/02cth2), each of which Alipay explains on a
 * page of its own; Alipay's EasySDK holds USER_TEMPLATE_ILLEGAL in its tests. The gateway writes some sub codes with and some
 * without `isv.`.
 */
const table: OutcomeTable = {
  vendor: 'alipay',
  document:
    'Alipay, "Common error codes" (https://opendocs.alipay.com/common/02km9f) and "alipay.open.app.mini.templatemessage.send" (https://opendocs.alipay.com/mini/02cth2)',
  codes: {
    '20000': 'unknown', // the service is not available
    '20001': 'account', // the authorization is not enough
    '40001': 'rejected', // a parameter is missing
    '40002': 'rejected', // a parameter is wrong
    '40003': 'account', // a condition is not met
    '40004': 'rejected', // the business failed: see the sub code
    '40005': 'retry', // too many calls
    '40006': 'account', // no permission
    'isp.unknow-error': 'unknown',
    'isp.unknown-error': 'unknown',
    'aop.unknow-error': 'unknown',
    SYSTEM_ERROR: 'unknown',
    'aop.invalid-auth-token': 'account',
    'aop.auth-token-time-out': 'account',
    'aop.invalid-app-auth-token': 'account',
    'aop.app-auth-token-time-out': 'account',
    'isv.invalid-app-id': 'account',
    'isv.invalid-signature': 'account',
    'isv.invalid-signature-type': 'account',
    'isv.invalid-timestamp': 'account',
    'isv.missing-signature': 'account',
    'isv.missing-signature-key': 'account',
    'isv.missing-app-id': 'account',
    // The app works with certificates; its own, Alipay's root, or one that has expired.
    'isv.missing-app-cert-sn': 'account',
    'isv.missing-alipay-root-cert-sn': 'account',
    'isv.app-cert-expired': 'account',
    'app-cert-expired': 'account',
    'isv.not-online-app': 'account',
    'not-online-app': 'account',
    'isv.forbidden-api': 'account',
    'isv.app-call-limited': 'retry',
    'isv.method-call-limited': 'retry',
    'isv.insufficient-isv-permissions': 'account',
    'isv.insufficient-user-permissions': 'account',
    FORM_ID_OVER_TIME: 'rejected', // the form was sent over 7 days ago
    FORM_ID_NOT_MATCH_APPID: 'rejected', // the form is of another app
    TRADE_NO_NOT_MATCH_USERID: 'rejected', // somebody else has paid
    USER_TEMPLATE_ILLEGAL: 'account', // no such template of this app, deleted, or of the other kind (form or payment)
    USER_TEMPLATE_LACK_KEYWORD: 'rejected', // a value is missing
    USER_KEYWORD_LENGTH_ERROR: 'rejected', // a value is too long
  },
  otherwise: 'rejected',
}

const refusal = createOutcomes(table)
const answerName = `${sendMethod.replaceAll('.', '_')}_response`

/**
 * Success counts only where Alipay signed it. A wrong signature says nothing at all. A refusal may come without one: the
 * gateway does not sign where it does not know the app.
 */
export function alipayOutcome(answer: HttpAnswer, key: KeyObject): DeliveryOutcome {
  const { json, text } = answer
  const name = fieldAt(json, answerName) === undefined ? 'error_response' : answerName
  const signature = textAt(json, 'sign')
  const signed = signature === undefined ? undefined : signedMember(text, name, signature, key)
  if (signature !== undefined && signed === undefined) return unknown('alipay signature wrong')
  const told = signed ?? fieldAt(json, name)
  const code = codeAt(told, 'code')
  if (code !== '10000') return refusal(answer, refusalCode(code, textAt(told, 'sub_code')))
  return answer.ok && signed !== undefined ? sent() : unknown('alipay not signed')
}

/** The member as it was signed: of two with one name, JSON would answer the other. Undefined where the signature is wrong. */
function signedMember(text: string, name: string, signature: string, key: KeyObject): unknown {
  const part = rawMember(text, name)
  return part !== undefined && isSignedByAlipay(part, signature, key) ? JSON.parse(part) : undefined
}

/** The sub code tells more, but many are of no list; what is not listed goes by the code, except where that says nothing. */
function refusalCode(code: string | undefined, subCode: string | undefined): string | undefined {
  const listed = subCode !== undefined && Object.hasOwn(table.codes, subCode)
  return listed || code === '40004' ? (subCode ?? code) : code
}

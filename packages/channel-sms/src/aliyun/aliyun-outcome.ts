import { aliyunCommonCodes, createOutcomes, type OutcomeOf } from '@reachkit/driver-kit'

/**
 * What a code of Aliyun's SMS service means. A template or signature that is not approved is the account's fault: a
 * person repairs it in the console, and other messages meet the same.
 */
export const aliyunOutcome: OutcomeOf = createOutcomes({
  vendor: 'aliyun',
  document: 'Alibaba Cloud SMS, "API error codes" (https://help.aliyun.com/document_detail/101346.html)',
  codes: {
    ...aliyunCommonCodes,
    'isv.MOBILE_NUMBER_ILLEGAL': 'invalid-address',
    'isv.MOBILE_COUNT_OVER_LIMIT': 'rejected',
    'isv.INVALID_PARAMETERS': 'rejected',
    'isv.INVALID_JSON_PARAM': 'rejected',
    'isv.TEMPLATE_MISSING_PARAMETERS': 'rejected',
    'isv.TEMPLATE_PARAMS_ILLEGAL': 'rejected',
    'isv.PARAM_LENGTH_LIMIT': 'rejected',
    'isv.PARAM_NOT_SUPPORT_URL': 'rejected',
    'isv.BLACK_KEY_CONTROL_LIMIT': 'rejected',
    'isv.SMS_CONTENT_ILLEGAL': 'rejected',
    'isv.DOMESTIC_NUMBER_NOT_SUPPORTED': 'rejected',
    'isv.BUSINESS_LIMIT_CONTROL': 'retry-later', // so many a minute, an hour and a day to one number
    'isv.DAY_LIMIT_CONTROL': 'retry-later',
    'isv.MONTH_LIMIT_CONTROL': 'account',
    'isv.AMOUNT_NOT_ENOUGH': 'account',
    'isv.OUT_OF_SERVICE': 'account',
    'isv.PRODUCT_UN_SUBSCRIPT': 'account',
    'isv.PRODUCT_UNSUBSCRIBE': 'account',
    'isv.ACCOUNT_NOT_EXISTS': 'account',
    'isv.ACCOUNT_ABNORMAL': 'account',
    'isp.RAM_PERMISSION_DENY': 'account',
    'isv.DENY_IP_RANGE': 'account',
    'isv.SMS_TEMPLATE_ILLEGAL': 'account',
    'isv.SMS_SIGNATURE_ILLEGAL': 'account',
    'isv.SMS_SIGN_ILLEGAL': 'account',
    'isv.SIGN_STATE_ILLEGAL': 'account',
    'isv.SMS_SIGNATURE_SCENE_ILLEGAL': 'account',
    'isv.EXTEND_CODE_ERROR': 'account',
    'isp.SYSTEM_ERROR': 'unknown',
  },
  otherwise: 'rejected',
})

/** A limit of one number, not of the account: others of the same call may have gone out. */
export function isOfNumber(code: string): boolean {
  return code === 'isv.BUSINESS_LIMIT_CONTROL'
}

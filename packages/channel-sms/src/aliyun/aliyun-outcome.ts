import { aliyunCommonCodes, createOutcomes, type OutcomeOf } from '@reachkit/driver-kit'

/**
 * What a code of Aliyun's SMS service means. A template or signature that is not approved is the account's fault: a
 * person repairs it in the console, and other messages meet the same. `isp` is Aliyun's own fault, `isv` the customer's.
 *
 * The first part was read on the vendor's page, the rest in two projects' copies of it; those marked * are of later
 * editions and known here by what other projects copied. Codes for uploads, short links and the review of templates are left out: no send answers them.
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
    'isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL': 'rejected',
    'isv.PARAM_LENGTH_LIMIT': 'rejected',
    'isv.PARAM_NOT_SUPPORT_URL': 'rejected',
    'isv.BLACK_KEY_CONTROL_LIMIT': 'rejected', // forbidden words, or a number that wants nothing
    'isv.SMS_CONTENT_ILLEGAL': 'rejected',
    'isv.UNSUPPORTED_CONTENT': 'rejected', // * letters that it cannot send, such as emoji
    'isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE': 'rejected', // * marketing in a template for notices
    'isv.CUSTOMER_REFUSED': 'rejected', // has opted out of marketing
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
    'isv.SECURITY_FROZEN_ACCOUNT': 'account',
    'isv.DENY_IP_RANGE': 'account',
    'isv.SMS_TEMPLATE_ILLEGAL': 'account',
    'isv.SMS_SIGNATURE_ILLEGAL': 'account',
    'isv.SMS_SIGN_ILLEGAL': 'account',
    'isv.SIGN_NAME_ILLEGAL': 'account',
    'isv.SIGN_STATE_ILLEGAL': 'account',
    'isv.SMS_SIGNATURE_SCENE_ILLEGAL': 'account',
    'isv.SMS_TEST_SIGN_TEMPLATE_LIMIT': 'account', // those for tests go together only
    'isv.SMS_TEST_NUMBER_LIMIT': 'account', // those for tests go to numbers of the console only
    'isv.EXTEND_CODE_ERROR': 'account',
    'isv.ONE_CODE_MULTIPLE_SIGN': 'account', // *
    'isv.CODE_EXCEED_LIMIT': 'account', // *
    'isv.CODE_ERROR': 'account', // *
    'isp.RAM_PERMISSION_DENY': 'account',
    'isp.*': 'unknown', // SYSTEM_ERROR, GATEWAY_ERROR
  },
  otherwise: 'rejected',
})

/** A limit of one number, not of the account: others of the same call may have gone out. */
export function isOfNumber(code: string): boolean {
  return code === 'isv.BUSINESS_LIMIT_CONTROL' || code === 'isv.SMS_TEST_NUMBER_LIMIT'
}

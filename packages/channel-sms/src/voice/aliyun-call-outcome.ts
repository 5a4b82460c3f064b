import { aliyunCommonCodes, createOutcomes, type OutcomeOf } from '@reachkit/driver-kit'

/**
 * What a code of Aliyun's voice service means. A template that is not approved is the account's fault. Codes of robots and
 * tasks are left out: SingleCallByTts does not answer them.
 */
export const aliyunCallOutcome: OutcomeOf = createOutcomes({
  vendor: 'aliyun',
  document:
    'Alibaba Cloud Voice Messaging, "API error codes" (https://help.aliyun.com/document_detail/178344.html) and "Error codes of the SDK" (https://help.aliyun.com/zh/vms/the-error-code-list)',
  codes: {
    ...aliyunCommonCodes,
    'isv.MOBILE_NUMBER_ILLEGAL': 'invalid-address',
    'isv.BUSINESS_LIMIT_CONTROL': 'retry-later', // 1 a minute, 5 an hour and 20 a day to one number
    'isv.VOICE_CALL_PERIOD_ERROR': 'retry-later', // nobody is called at this hour
    'isv.VOICE_ROBOT_NOT_PERIOD': 'retry-later',
    'isv.MOBILE_COUNT_OVER_LIMIT': 'rejected',
    'isv.INVALID_PARAMETERS': 'rejected',
    'isv.PARAM_LENGTH_LIMIT': 'rejected',
    'isv.PARAM_NOT_SUPPORT_URL': 'rejected',
    'isv.BLACK_KEY_CONTROL_LIMIT': 'rejected', // forbidden words
    'isv.COMPLAINT_REJECT': 'rejected', // kept from being molested
    'isv.TEMPLATE_MISSING_PARAMETERS': 'rejected',
    'isv.TEMPLATE_PARAMS_ILLEGAL': 'rejected',
    'isv.VOICE_CALL_FAIL': 'unknown', // the call was begun and failed
    'isv.TTS_TEMPLATE_ILLEGAL': 'account',
    'isv.TEMPLATE_ILLEGAL': 'account',
    'isv.DISPLAY_NUMBER_ILLEGAL': 'account',
    'isv.BILLID_NOT_EXIST': 'account', // the number that calls is of another account
    'isv.AMOUNT_NOT_ENOUGH': 'account',
    'isv.OUT_OF_SERVICE': 'account',
    'isv.PRODUCT_UN_SUBSCRIPT': 'account',
    'isv.PRODUCT_UNSUBSCRIBE': 'account',
    'isv.ACCOUNT_NOT_EXISTS': 'account',
    'isv.ACCOUNT_ABNORMAL': 'account',
    'isp.RAM_PERMISSION_DENY': 'account',
    'isp.*': 'unknown',
  },
  otherwise: 'rejected',
})

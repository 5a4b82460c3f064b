import { aliyunCommonCodes, createOutcomes, type OutcomeOf } from '@reachkit/driver-kit'

/** What a code of Aliyun's voice service means. A template that is not approved is the account's fault. */
export const aliyunCallOutcome: OutcomeOf = createOutcomes({
  vendor: 'aliyun',
  document: 'Alibaba Cloud Voice Messaging, "API error codes" (https://help.aliyun.com/document_detail/178344.html)',
  codes: {
    ...aliyunCommonCodes,
    'isv.BUSINESS_LIMIT_CONTROL': 'retry-later', // so many a minute, an hour and a day to one number
    'isv.VOICE_CALL_PERIOD_ERROR': 'retry-later', // nobody is called at this hour
    'isv.VOICE_ROBOT_NOT_PERIOD': 'retry-later',
    'isv.MOBILE_COUNT_OVER_LIMIT': 'rejected',
    'isv.BLACK_KEY_CONTROL_LIMIT': 'rejected',
    'isv.COMPLAINT_REJECT': 'rejected',
    'isv.TEMPLATE_PARAMS_ILLEGAL': 'rejected',
    'isv.VOICE_CALL_FAIL': 'unknown', // the call was begun and failed
    'isv.TTS_TEMPLATE_ILLEGAL': 'account',
    'isv.TEMPLATE_ILLEGAL': 'account',
    'isv.DISPLAY_NUMBER_ILLEGAL': 'account',
    'isv.BILLID_NOT_EXIST': 'account',
    'isv.AMOUNT_NOT_ENOUGH': 'account',
    'isv.OUT_OF_SERVICE': 'account',
    'isv.PRODUCT_UN_SUBSCRIPT': 'account',
    'isv.PRODUCT_UNSUBSCRIBE': 'account',
    'isv.ACCOUNT_NOT_EXISTS': 'account',
    'isv.ACCOUNT_ABNORMAL': 'account',
    'isp.RAM_PERMISSION_DENY': 'account',
    'isp.SYSTEM_ERROR': 'unknown',
  },
  otherwise: 'rejected',
})

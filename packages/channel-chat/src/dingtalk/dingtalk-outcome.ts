import { type DeliveryOutcome, sent } from '@reachkit/core/spec'
import { codeAt, createOutcomes, type HttpAnswer, textAt } from '@reachkit/driver-kit'

const refusal = createOutcomes({
  vendor: 'dingtalk',
  document:
    'DingTalk, "Custom robot access", error codes (https://open.dingtalk.com/document/orgapp/custom-robot-access) and "Global error codes"',
  codes: {
    '-1': 'retry', // the system is busy: try later
    '88': 'account', // authentication
    '404': 'account', // the url is no webhook
    '40035': 'rejected', // the JSON is missing
    '43004': 'rejected', // the content type is not valid
    '130101': 'retry-later', // over 20 a minute: for 10 minutes nothing is taken
    '300001': 'invalid-address', // no robot has this token
    '310000': 'account', // signature, clock, or address of this machine
    'keyword-missing': 'rejected', // 310000 as well: none of the robot's keywords is in the message
    '400013': 'invalid-address', // the group was dissolved
    '400101': 'invalid-address', // no robot has this token
    '400102': 'account', // the robot is switched off
    '400105': 'rejected', // the type of message is not supported
    '400106': 'invalid-address', // the robot is not in the group any more
    '410100': 'retry-later', // too fast
    '430101': 'rejected', // a link that is not safe
    '430102': 'rejected', // text that is not allowed
    '430103': 'rejected', // an image that is not allowed
    '430104': 'rejected', // content that is not allowed
    '460101': 'rejected', // over 20,000 bytes
  },
  otherwise: 'rejected',
})

/** DingTalk answers 200 with the outcome inside, and tells no id. */
export function dingtalkOutcome(answer: HttpAnswer): DeliveryOutcome {
  const code = codeAt(answer.json, 'errcode')
  if (answer.ok && code === '0') return sent()
  const keyword = code === '310000' && /keyword|关键词/i.test(textAt(answer.json, 'errmsg') ?? '')
  return refusal(answer, keyword ? 'keyword-missing' : code)
}

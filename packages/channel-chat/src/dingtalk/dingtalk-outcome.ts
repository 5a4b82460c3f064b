import { type DeliveryOutcome, sent } from '@reachkit/core/spec'
import { codeAt, createOutcomes, type HttpAnswer, textAt } from '@reachkit/driver-kit'

/**
 * By DingTalk's "Custom robot access" (https://open.dingtalk.com/document/orgapp/custom-robot-access), whose page could not
 * be opened: its list of 310000 to 430104 was read in a copy that a .NET client keeps with DingTalk's explanations; -1, 88,
 * 404 and 43004 in copies of "Global error codes" (https://open.dingtalk.com/document/orgapp/server-api-error-codes-1).
 * 130101, 300001, 300005, 460101 and the two meanings of 40035 are known from answers that developers report.
 */
const refusal = createOutcomes({
  vendor: 'dingtalk',
  document:
    'DingTalk, "Custom robot access" (https://open.dingtalk.com/document/orgapp/custom-robot-access) and "Global error codes"',
  codes: {
    '-1': 'retry', // the system is busy: try later
    '88': 'account', // authentication
    '404': 'account', // the url is no webhook
    '40035': 'rejected', // the JSON is missing
    'token-missing': 'account', // 40035 as well: the url has no access_token
    '43004': 'rejected', // the content type is not valid
    '130101': 'retry-later', // over 20 a minute: for 10 minutes nothing is taken
    '300001': 'invalid-address', // no robot has this token
    '300005': 'invalid-address', // no robot has this token
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
  return refusal(answer, meaningOf(code, textAt(answer.json, 'errmsg') ?? ''))
}

/** Two codes have two meanings each, which only the text tells apart. */
function meaningOf(code: string | undefined, text: string): string | undefined {
  if (code === '310000' && /keyword|关键词/i.test(text)) return 'keyword-missing'
  return code === '40035' && /^缺少参数 *access_token/.test(text) ? 'token-missing' : code
}

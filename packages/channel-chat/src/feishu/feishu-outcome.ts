import { type DeliveryOutcome, sent } from '@reachkit/core/spec'
import { codeAt, createOutcomes, type HttpAnswer, textAt } from '@reachkit/driver-kit'

/**
 * By Feishu's "Custom bot usage guide" (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot), which names 9499,
 * 11232, 19021, 19022 and 19024. It has no list: 19001 and 19002 are what its server answers to a wrong url and to a body without
 * a type; 11246, 19007 and the other 9499 are known from answers that developers report.
 */
const refusal = createOutcomes({
  vendor: 'feishu',
  document: 'Feishu, "Custom bot usage guide" (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot)',
  codes: {
    '9499': 'rejected', // the body is malformed, or over 20 KB
    'too-many-requests': 'retry', // 9499 as well
    '11232': 'retry', // over 100 a minute or 5 a second, or all of Feishu is busy
    '11246': 'rejected', // the card is wrong
    '19001': 'invalid-address', // no webhook has this url
    '19002': 'rejected', // a parameter is missing
    '19007': 'account', // the robot is switched off
    '19021': 'account', // the signature does not match, or the clock is an hour off
    '19022': 'account', // this machine is not on the robot's list of addresses
    '19024': 'rejected', // none of the robot's keywords is in the message
  },
  otherwise: 'rejected',
})

/** Feishu answers 200 with the outcome inside, and tells no id. */
export function feishuOutcome(answer: HttpAnswer): DeliveryOutcome {
  const code = codeAt(answer.json, 'code') ?? codeAt(answer.json, 'StatusCode')
  if (answer.ok && code === '0') return sent()
  const crowded = code === '9499' && /too many/i.test(textAt(answer.json, 'msg') ?? '')
  return refusal(answer, crowded ? 'too-many-requests' : code)
}

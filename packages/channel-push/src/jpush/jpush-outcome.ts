import { type DeliveryOutcome, retry, sent } from '@reachkit/core/spec'
import { codeAt, createOutcomes, type HttpAnswer } from '@reachkit/driver-kit'

/**
 * What a code of JPush means. Read in the vendor's own sources of its page, as of 2019 (zh/jpush/server/push/rest_api_v3_push.md
 * in https://github.com/jpush/jpush-docs): a newer code goes by its status.
 */
const outcomeOf = createOutcomes({
  vendor: 'jpush',
  document: 'JPush, "Push API v3", return codes (https://docs.jiguang.cn/jpush/server/push/rest_api_v3_push)',
  codes: {
    '1000': 'unknown', // fault within JPush
    '1001': 'rejected', // POST only
    '1002': 'rejected', // a parameter is missing
    '1003': 'rejected', // a parameter has a wrong value
    '1004': 'account', // the keys are wrong
    '1005': 'rejected', // too long
    '1008': 'account', // no such app
    '1009': 'rejected', // a field that there is not
    '1011': 'invalid-address', // nobody has this registration id, or nobody uses the app there any more: see `isDoubtful`
    '1012': 'retry-later', // over what may go out at a set pace
    '1020': 'account', // HTTPS only
    '1030': 'unknown', // time-out within JPush
    '2002': 'retry', // over the app's rate
    '2003': 'account', // the app is barred from the API
    '2004': 'account', // this machine's address is not on the app's list
    '2005': 'retry-later', // over the amount that the app may send
    '2006': 'account', // for those who pay only
    '2007': 'account', // no permission
  },
})

/** Nobody has this registration id; or another app has it, or the iPhone is of the other `apnsProduction`. */
export function isDoubtful(outcome: DeliveryOutcome): boolean {
  return outcome.kind === 'rejected' && outcome.reason === 'jpush 1011'
}

/** What an answer of the push call means. */
export function jpushOutcome(answer: HttpAnswer, now: number): DeliveryOutcome {
  const id = codeAt(answer.json, 'msg_id')
  if (answer.ok && id !== undefined) return sent(id)
  const outcome = outcomeOf(answer, codeAt(answer.json, 'error', 'code'), now)
  // JPush, "Rate limits": seconds until the count begins anew.
  const seconds = Number(answer.header('x-rate-limit-reset') ?? 0)
  const limited = outcome.kind === 'retry' && outcome.afterMs === undefined && seconds > 0
  return limited ? retry(seconds * 1_000, outcome.reason) : outcome
}

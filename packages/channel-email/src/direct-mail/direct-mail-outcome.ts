import { type DeliveryOutcome, sent } from '@reachkit/core/spec'
import { aliyunCommonCodes, createOutcomes, type HttpAnswer, type OutcomeOf, textAt } from '@reachkit/driver-kit'

/**
 * What a code of DirectMail means. A code that is not listed goes by the status: 400 is rejected.
 *
 * The vendor's list was read as its own forum repeats it ("Client errors of DirectMail",
 * https://developer.aliyun.com/ask/278330). Those marked * are not in it, and known here by what other projects handle.
 */
const outcomeOfCode: OutcomeOf = createOutcomes({
  vendor: 'directmail',
  document: 'Alibaba Cloud, "SingleSendMail" (https://www.alibabacloud.com/help/en/direct-mail/singlesendmail)',
  codes: {
    ...aliyunCommonCodes,
    'InvalidMailAddress.NotFound': 'account', // the sender is not set up
    'InvalidMailAddressStatus.Malformed': 'account', // the sender is frozen
    'InvalidMailAddressDomain.Malformed': 'account', // the sender's domain is not verified
    'InvalidMailAddressSendType.Malformed': 'account', // the sender is of another kind
    'InvalidTagName.NotFound': 'account', // *
    'InvalidUser.NotFound': 'account', // *
    InvalidUserStatus: 'account', // *
    InvalidQuota: 'retry-later', // *
    InvalidToAddress: 'invalid-address',
    'InvalidToAddress.Spam': 'invalid-address', // it has bounced before
    'InvalidReceiver.NotFound': 'rejected', // a "receiver" is a list of addresses, which no mail of ours names
    InvalidBody: 'rejected',
    'InvalidSubject.Malformed': 'rejected',
    'InvalidFromAlias.Malformed': 'rejected',
    'InvalidReplyAddress.Malformed': 'rejected',
    'InvalidReplyAddressAlias.Malformed': 'rejected',
    // "Rejected by spam filter": see to the state of the account, whether it sends too often, its quota. Some say that the
    // words of a mail may do it as well: then its attempts are used up.
    'InvalidSendMail.*': 'account',
    'Throttling.Quota': 'retry-later',
  },
})

export function directMailOutcome(answer: HttpAnswer): DeliveryOutcome {
  const id = textAt(answer.json, 'EnvId')
  return answer.ok && id !== undefined ? sent(id) : outcomeOfCode(answer, textAt(answer.json, 'Code'))
}

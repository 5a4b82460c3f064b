import { type DeliveryOutcome, sent } from '@reachkit/core/spec'
import { aliyunCommonCodes, createOutcomes, type HttpAnswer, type OutcomeOf, textAt } from '@reachkit/driver-kit'

/** What a code of DirectMail means. A code that is not listed goes by the status: 400 is rejected. */
const outcomeOfCode: OutcomeOf = createOutcomes({
  vendor: 'directmail',
  document: 'Alibaba Cloud, "SingleSendMail" (https://www.alibabacloud.com/help/en/direct-mail/singlesendmail)',
  codes: {
    ...aliyunCommonCodes,
    'InvalidMailAddress.NotFound': 'account', // the sender is not set up
    'InvalidMailAddressStatus.Malformed': 'account', // the sender is frozen
    'InvalidMailAddressDomain.Malformed': 'account', // the sender's domain is not verified
    'InvalidMailAddressSendType.Malformed': 'account', // the sender is of another kind
    'InvalidTagName.NotFound': 'account',
    InvalidToAddress: 'invalid-address',
    'InvalidToAddress.Spam': 'invalid-address', // it has bounced before
    'InvalidReceiver.NotFound': 'invalid-address',
    InvalidBody: 'rejected',
    'InvalidSubject.Malformed': 'rejected',
    'InvalidFromAlias.Malformed': 'rejected',
    'InvalidReplyAddress.Malformed': 'rejected',
    'InvalidReplyAddressAlias.Malformed': 'rejected',
    // "Check the state of the account, whether it sends too often, or its quota": the mail itself is not at fault.
    'InvalidSendMail.Spam': 'account',
    'InvalidSendMail.Quota': 'retry-later',
    'Throttling.Quota': 'retry-later',
  },
})

export function directMailOutcome(answer: HttpAnswer): DeliveryOutcome {
  const id = textAt(answer.json, 'EnvId')
  return answer.ok && id !== undefined ? sent(id) : outcomeOfCode(answer, textAt(answer.json, 'Code'))
}

import type { DeliveryOutcome } from '@reachkit/core/spec'
import { type AwsFailure, createAwsOutcomes } from '@reachkit/driver-kit'

/**
 * What a failure of Publish means, by its code; see `createAwsOutcomes`. SNS calls every parameter that it does not take
 * InvalidParameter: which of them is told by its text, and it is the number where that says so.
 */
const byCode = createAwsOutcomes({
  vendor: 'sns',
  document: 'Amazon SNS API Reference, "Publish" and "Common Errors"',
  account: [
    'AuthorizationError',
    'AuthorizationErrorException',
    'InvalidSecurity',
    'InvalidSecurityException',
    'KMSAccessDenied',
    'KMSAccessDeniedException',
    'KMSDisabled',
    'KMSDisabledException',
    'KMSInvalidState',
    'KMSInvalidStateException',
    'KMSNotFound',
    'KMSNotFoundException',
    'KMSOptInRequired',
    'UserError',
    'UserErrorException',
  ],
})

export function failureOutcome(failure: AwsFailure): DeliveryOutcome {
  const outcome = byCode(failure)
  const isNumber = /^InvalidParameter(Exception|Value|ValueException)?$/.test(failure.name)
  if (outcome.kind !== 'rejected' || !isNumber || !/PhoneNumber/i.test(failure.message)) return outcome
  return { ...outcome, invalidAddress: true }
}

import type { DeliveryOutcome } from '@reachkit/core/spec'
import { type AwsFailure, createAwsOutcomes, parseSdkError } from '@reachkit/driver-kit'

/**
 * What a failure of SendRawEmail means, by its code ("SendRawEmail: Errors" and "Common Errors" in the Amazon SES API
 * Reference; "Amazon SES email sending errors" in the Developer Guide); see `createAwsOutcomes`. MessageRejected and
 * every other 4xx is `rejected`: SES does not say that an address is dead here; a bounce tells that.
 */
export const failureOutcome: (failure: AwsFailure) => DeliveryOutcome = createAwsOutcomes({
  vendor: 'ses',
  document: 'Amazon SES API Reference, "SendRawEmail" and "Common Errors"',
  account: [
    'AccountSendingPausedException',
    'AccountSendingPaused',
    'ConfigurationSetDoesNotExist',
    'ConfigurationSetDoesNotExistException',
    'ConfigurationSetSendingPausedException',
    'ConfigurationSetSendingPaused',
    'MailFromDomainNotVerifiedException',
    'MailFromDomainNotVerified',
  ],
  // "Daily message quota exceeded." beside "Maximum sending rate exceeded.": both are Throttling.
  isDayFull: ({ message }) => /daily/i.test(message),
})

/** What an error that the SDK threw means. */
export function errorOutcome(error: unknown): DeliveryOutcome {
  return failureOutcome(parseSdkError(error))
}

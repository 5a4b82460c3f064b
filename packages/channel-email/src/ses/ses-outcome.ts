import type { DeliveryOutcome } from '@reachkit/core/spec'
import { type AwsFailure, type AwsOutcomeTable, createAwsOutcomes, parseSdkError } from '@reachkit/driver-kit'

const table: AwsOutcomeTable = {
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
}

const outcomeOf = createAwsOutcomes(table)
const outcomeOfAccount = createAwsOutcomes({ ...table, account: [...table.account, 'MessageRejected'] })

/**
 * What a failure of SendRawEmail means, by its code ("SendRawEmail: Errors" and "Common Errors" in the Amazon SES API
 * Reference; "Amazon SES email sending errors" in the Developer Guide); see `createAwsOutcomes`. MessageRejected is the
 * account's fault where its text says so, by either client. Else it is `rejected`, as every other 4xx: SES does not say
 * that an address is dead here; a bounce tells that.
 */
export function failureOutcome(failure: AwsFailure): DeliveryOutcome {
  return isOfAccount(failure.message) ? outcomeOfAccount(failure) : outcomeOf(failure)
}

/**
 * "Email address is not verified": a sender that the account has not proved to own, or a recipient while the account is in
 * the sandbox. "Sending suspended for this account." Every mail meets the same until a person has seen to it.
 */
function isOfAccount(message: string): boolean {
  return /address is not verified|sending (?:suspended|paused)/i.test(message)
}

/** What an error that the SDK threw means. */
export function errorOutcome(error: unknown): DeliveryOutcome {
  return failureOutcome(parseSdkError(error))
}

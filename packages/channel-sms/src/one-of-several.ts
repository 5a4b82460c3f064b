import { type DeliveryOutcome, unknown } from '@reachkit/core/spec'

/**
 * What a refusal of a call of several messages says of each of them. A code that speaks of one message or one number does
 * not say of which, nor whether the others went out: so that nobody gets a message twice, and no good number is told to be
 * dead, each is `unknown`. A fault of the account, a throttle, and an answer without a code are of the call as a whole.
 */
export function oneOfSeveral(
  outcome: DeliveryOutcome,
  code: string | undefined,
  isOfNumber: (code: string) => boolean,
): DeliveryOutcome {
  if (code === undefined || outcome.kind === 'sent' || outcome.kind === 'unknown') return outcome
  return outcome.kind === 'rejected' || isOfNumber(code) ? unknown(outcome.reason) : outcome
}

import type { DeliveryContext, DeliveryOutcome, DeliveryRequest } from '@reachkit/core/spec'
import { laterMs } from '@reachkit/driver-kit'

/**
 * Hands the outcome on, and warns the app of a fault that only a person can mend: of the account, its credentials or its
 * set-up, or a quota that is used up. The message itself is not to blame, so it is retried, and would wait unseen.
 */
export function tellOfFault(
  outcome: DeliveryOutcome,
  { id }: Pick<DeliveryRequest, 'id'>,
  context: Pick<DeliveryContext, 'report'>,
): DeliveryOutcome {
  if (outcome.kind === 'retry' && outcome.reason !== undefined && (outcome.afterMs ?? 0) >= laterMs)
    context.report({ kind: 'warning', messageId: id, reason: outcome.reason })
  return outcome
}

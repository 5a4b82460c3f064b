import {
  type DeliveryContext,
  type DeliveryOutcome,
  type DeliveryRequest,
  type Retry,
  retry,
} from '@reachkit/core/spec'

const faults: WeakSet<DeliveryOutcome> = new WeakSet()

/** A retry that waits for a person: the account, its keys or its set-up are at fault. */
export function accountFault(afterMs: number, reason: string): Retry {
  const outcome = retry(afterMs, reason)
  faults.add(outcome)
  return outcome
}

/**
 * Hands the outcome on, and warns the app where the account is at fault: the message is only retried, and the fault would
 * stay unseen until it has used up its attempts.
 */
export function tellOfFault(
  outcome: DeliveryOutcome,
  { id }: Pick<DeliveryRequest, 'id'>,
  context: Pick<DeliveryContext, 'report'>,
): DeliveryOutcome {
  if (faults.has(outcome))
    context.report({ kind: 'warning', messageId: id, reason: (outcome as Retry).reason ?? 'account' })
  return outcome
}

/** The same for a batch: the first message that meets a fault tells of it. */
export function tellOfFaults(
  outcomes: readonly DeliveryOutcome[],
  requests: readonly Pick<DeliveryRequest, 'id'>[],
  context: Pick<DeliveryContext, 'report'>,
): readonly DeliveryOutcome[] {
  const told = new Set<string | undefined>()
  for (const [index, outcome] of outcomes.entries()) {
    const request = requests[index]
    if (!faults.has(outcome) || outcome.kind === 'sent' || request === undefined || told.has(outcome.reason)) continue
    told.add(outcome.reason)
    tellOfFault(outcome, request, context)
  }
  return outcomes
}

import { type DeliveryContext, type DeliveryOutcome, rejected } from '@reachkit/core/spec'

/**
 * Calls an openid dead only once another one was taken: with the id and secret of another app WeChat says 40003 of everybody,
 * and the application would delete every openid it has. Before that: rejected, and a person is told.
 */
export class AddressProof {
  #isProven = false

  /** An openid was taken: so the app is the one that openids are of. */
  prove(): void {
    this.#isProven = true
  }

  judge(outcome: DeliveryOutcome, messageId: string, context: DeliveryContext): DeliveryOutcome {
    if (this.#isProven || outcome.kind !== 'rejected' || !outcome.invalidAddress) return outcome
    context.report({ kind: 'warning', messageId, reason: outcome.reason })
    return rejected(outcome.reason)
  }
}

import { type DeliveryContext, type DeliveryOutcome, type DeliveryRequest, rejected } from '@reachkit/core/spec'

/**
 * For vendors whose addresses are good with one account only. Calls an address dead once another one was taken: with the
 * credentials of another account the vendor says of everybody that there is nobody, and the application would delete every
 * address it has. Before that: rejected, and a person is told.
 */
export class AddressProof {
  #isProven = false

  /** An address was taken: so the account is the one that the addresses are of. */
  prove(): void {
    this.#isProven = true
  }

  judge(
    outcome: DeliveryOutcome,
    { id }: Pick<DeliveryRequest, 'id'>,
    context: Pick<DeliveryContext, 'report'>,
  ): DeliveryOutcome {
    if (this.#isProven || outcome.kind !== 'rejected' || !outcome.invalidAddress) return outcome
    context.report({ kind: 'warning', messageId: id, reason: outcome.reason })
    return rejected(outcome.reason)
  }
}

import { type DeliveryOutcome, rejected } from '@reachkit/core/spec'

const doubted: WeakSet<DeliveryOutcome> = new WeakSet()

/** True for a device that may be dead, or be called so because a setting is wrong: a person must see to it. */
export function isDoubted(outcome: DeliveryOutcome): boolean {
  return doubted.has(outcome)
}

/** Where a setting decides whether addresses are known, such as Apple's environment. */
export interface AddressProof {
  /** The outcome; `setting` is what the address depends on. */
  judge(outcome: DeliveryOutcome, setting: string): DeliveryOutcome
}

/**
 * Calls an address dead only once another one of the same setting was taken. Before that, the setting may be wrong, and the
 * vendor says of every address that nobody has it; the app would delete them all.
 */
export function createAddressProof(isDoubtful: (outcome: DeliveryOutcome) => boolean): AddressProof {
  const proven = new Set<string>()
  return {
    judge(outcome, setting) {
      if (outcome.kind === 'sent') proven.add(setting)
      if (!isDoubtful(outcome) || proven.has(setting) || outcome.kind !== 'rejected') return outcome
      const doubt = rejected(outcome.reason)
      doubted.add(doubt)
      return doubt
    },
  }
}

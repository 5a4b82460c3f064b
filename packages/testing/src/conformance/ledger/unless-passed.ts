import type { LedgerSubject } from '../subject.js'

/** An assertion that holds until retention has passed since an instant: on a busy machine it may have, by the store's clock. */
export async function unlessPassed(
  { now, timing }: LedgerSubject,
  since: number,
  assertion: () => Promise<void>,
): Promise<void> {
  try {
    await assertion()
  } catch (error) {
    if ((await now()) - since < timing.retentionMs) throw error
  }
}

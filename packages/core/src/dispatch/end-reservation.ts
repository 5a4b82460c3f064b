import { deliveryItemId } from './journey.js'
import type { Attempt, Journey } from './journey.js'
import type { SliceHost } from './slice-host.js'

/**
 * Tells the gates what became of what they gave, once the ledger has it: what they are told follows from that. What was used
 * up can wait for the next settlement; what goes back is settled at once, since the next slice may need it.
 */
export async function endReservation(
  run: SliceHost,
  journeys: readonly Journey[],
  begun: readonly Journey[],
  reservation: string,
): Promise<void> {
  const { confirm, release } = fateOf(journeys, begun)
  run.endWhenSettled({ reservation, confirm, release })
  if (release.length > 0) await run.flush(false)
}

function fateOf(
  journeys: readonly Journey[],
  begun: readonly Journey[],
): { readonly confirm: readonly string[]; readonly release: readonly string[] } {
  const attempts = begun.flatMap((journey) => journey.attempts)
  const confirm: string[] = []
  const release: string[] = []
  for (const attempt of attempts) {
    const kind = attempt.outcome?.kind ?? 'unknown'
    if (kind === 'sent') confirm.push(deliveryItemId(attempt))
    else if (kind === 'unknown') {
      if (isSentAgain(attempt)) (deduplicates(attempt) ? release : confirm).push(deliveryItemId(attempt))
    } else if (!isHeld(attempt)) release.push(deliveryItemId(attempt))
  }
  if (begun.length === journeys.length) return { confirm, release }
  const dropped = journeys.filter((journey) => !begun.includes(journey)).flatMap((journey) => journey.attempts)
  return { confirm, release: [...release, ...dropped.map(deliveryItemId)] }
}

/** It may have gone out and is sent again, for which the gates are asked again: one of two counts only where the provider drops a copy. */
function isSentAgain({ journey, channel }: Attempt): boolean {
  return journey.progress.legs[channel.name]?.state === 'retry'
}

/** An attempt before it may have gone out: what was taken stays taken. */
function isHeld({ journey, channel }: Attempt): boolean {
  return journey.progress.legs[channel.name]?.state === 'unknown'
}

function deduplicates({ provider }: Attempt): boolean {
  return provider.driver.capabilities.deduplicates
}

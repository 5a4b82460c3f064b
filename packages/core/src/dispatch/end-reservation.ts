import { deliveryItemId } from './journey.js'
import type { Attempt, Journey } from './journey.js'
import type { SliceHost } from './slice-host.js'

/** Settles first, so that what the gates are told follows from the ledger. What is sent again is pushed after they are told. */
export async function endReservation(
  run: SliceHost,
  journeys: readonly Journey[],
  begun: readonly Journey[],
  reservation: string,
): Promise<void> {
  await run.settleThen(async () => {
    const { confirm, release } = fateOf(journeys, begun)
    return run.context.gates.end(reservation, confirm, release)
  })
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

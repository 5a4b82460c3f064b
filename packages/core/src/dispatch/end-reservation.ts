import { deliveryItem } from './journey.js'
import type { Attempt, Journey } from './journey.js'
import type { SliceHost } from './slice-host.js'

/** Settles first, so that what the gates are told follows from the ledger. */
export async function endReservation(
  run: SliceHost,
  journeys: readonly Journey[],
  begun: readonly Journey[],
  reservation: string,
): Promise<void> {
  if (run.hasResults) await run.flush(false)
  const attempts = begun.flatMap((journey) => journey.attempts)
  const dropped = journeys.filter((journey) => !begun.includes(journey)).flatMap((journey) => journey.attempts)
  const again = attempts.filter((attempt) => (attempt.outcome?.kind ?? 'unknown') === 'unknown' && isSentAgain(attempt))
  const notSent = attempts.filter(
    (one) => (one.outcome?.kind === 'rejected' || one.outcome?.kind === 'retry') && !isHeld(one),
  )
  const release = [...idsOf(notSent), ...idsOf(dropped), ...idsOf(again.filter(deduplicates))]
  await run.context.gates.end(
    reservation,
    [
      ...idsOf(attempts.filter(({ outcome }) => outcome?.kind === 'sent')),
      ...idsOf(again.filter((one) => !deduplicates(one))),
    ],
    release,
  )
}

function idsOf(attempts: readonly Attempt[]): string[] {
  return attempts.map((attempt) => deliveryItem(attempt).id)
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

import type { Cost } from '../spec/index.js'
import { chargedCost } from './cost-of-attempt.js'
import { deliveryItemId } from './journey.js'
import type { Attempt, Journey } from './journey.js'
import type { SliceHost } from './slice-host.js'
import { warnOfCosts } from './warn-of-costs.js'

/** Settles first, so that what the gates are told follows from the ledger. What is sent again is pushed after they are told. */
export async function endReservation(
  run: SliceHost,
  journeys: readonly Journey[],
  begun: readonly Journey[],
  reservation: string,
): Promise<void> {
  const attempts = begun.flatMap((journey) => journey.attempts)
  await run.settleThen(async () => {
    const dropped = journeys.filter((journey) => !begun.includes(journey)).flatMap((journey) => journey.attempts)
    const { confirm, release } = fateOf(attempts)
    return run.context.gates.end(reservation, confirm, [...release, ...dropped.map(deliveryItemId)], costsOf(attempts))
  })
  warnOfCosts(attempts, run.context)
}

/** What was charged, by item, where that is known. */
function costsOf(attempts: readonly Attempt[]): ReadonlyMap<string, Cost> | undefined {
  let costs: Map<string, Cost> | undefined
  for (const attempt of attempts) {
    const cost = chargedCost(attempt)
    if (cost !== undefined) (costs ??= new Map()).set(deliveryItemId(attempt), cost)
  }
  return costs
}

function fateOf(attempts: readonly Attempt[]): {
  readonly confirm: readonly string[]
  readonly release: readonly string[]
} {
  const confirm: string[] = []
  const release: string[] = []
  for (const attempt of attempts) {
    const kind = attempt.outcome?.kind ?? 'unknown'
    if (kind === 'sent') confirm.push(deliveryItemId(attempt))
    else if (kind === 'unknown') {
      if (isSentAgain(attempt)) (deduplicates(attempt) ? release : confirm).push(deliveryItemId(attempt))
    } else if (!isHeld(attempt)) release.push(deliveryItemId(attempt))
  }
  return { confirm, release }
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

import { endsWhenSent } from '../route/first-channel.js'
import { notAttempted } from './deliver.js'
import { deliveryItem } from './journey.js'
import type { Journey } from './journey.js'
import { attemptEvent, moveLeg } from './outbound.js'
import { legAfter } from './outcome.js'
import { concludeJourney, ttlEnding } from './plan-journey.js'
import type { SliceHost } from './slice-host.js'

const againMs = 1_000

/**
 * The ledger did not begin these. Mostly they have moved on, and it passes over what is said of them here; what has
 * not comes again, or is over where its ttl ran out while it waited for a place.
 */
export function putBack(run: SliceHost, journeys: readonly Journey[], begun: readonly Journey[]): void {
  const { context } = run
  for (const journey of journeys) {
    if (begun.includes(journey)) continue
    const { message } = journey
    const now = context.storeNow()
    const reason = { code: 'not-attempted' }
    const again = { state: 'waiting', due: now + againMs, reason, progress: JSON.stringify(journey.progress) } as const
    run.settle(
      message,
      message.expires !== undefined && message.expires <= now ? ttlEnding(journey, context) : again,
      journey,
    )
  }
}

/** The common case: one attempt, sent, on a route that asks for no more. It needs no progress. */
function isDoneAtOnce({ attempts, definition, progress, events }: Journey): boolean {
  const [attempt] = attempts
  if (attempts.length !== 1 || attempt?.outcome?.kind !== 'sent') return false
  return events.length === 0 && progress.to === undefined && endsWhenSent(definition.route)
}

/** Turns outcomes into where the message goes. */
export function conclude(run: SliceHost, journey: Journey, reservation: string): void {
  const { context } = run
  journey.concluded = true
  if (isDoneAtOnce(journey)) return run.settleSent(journey)
  for (const attempt of journey.attempts) {
    const outcome = attempt.outcome ?? ({ kind: 'unknown', reason: 'driver-failed' } as const)
    if (outcome === notAttempted) continue
    const after = legAfter(attempt, outcome, { now: context.storeNow(), random: context.random })
    const leg = after.state === 'unknown' && context.gates.consumes ? { ...after, reservation } : after
    moveLeg(journey, attempt.channel.name, leg, attemptEvent(attempt, leg, context.storeNow()))
  }
  context.evidence.judge(journey, context.storeNow())
  if (journey.progress.notes !== undefined) forgetNotes(journey)
  run.settle(journey.message, concludeJourney(journey, context), journey)
}

/** What gates noted was for this attempt. Notes of channels that were not tried yet stay. */
function forgetNotes(journey: Journey): void {
  const untried = Object.entries(journey.progress.notes ?? {}).filter(
    ([key]) => key.includes('/') && !journey.attempts.some(({ channel }) => key.endsWith(`/${channel.name}`)),
  )
  journey.progress = { ...journey.progress, notes: untried.length === 0 ? undefined : Object.fromEntries(untried) }
}

/** Tells gates how the attempts ended; what was never tried is no attempt. */
export function reportAttempts(run: SliceHost, begun: readonly Journey[]): void {
  const reports = begun
    .flatMap(({ attempts }) => attempts)
    .flatMap((attempt) => {
      const { outcome, tookMs } = attempt
      return outcome === undefined || outcome === notAttempted ? [] : [{ item: deliveryItem(attempt), outcome, tookMs }]
    })
  run.context.gates.attempted(reports)
}

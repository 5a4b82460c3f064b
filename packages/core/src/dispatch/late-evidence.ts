import { isUnknown, parseProgress, withLeg } from '../route/progress.js'
import type { Progress } from '../route/progress.js'
import type { DeliveryOutcome } from '../spec/index.js'
import type { DispatchContext } from './dispatch-context.js'
import type { Evidence } from './evidence.js'
import type { Attempt } from './journey.js'
import { attemptEvent } from './outbound.js'
import { legAfter } from './outcome.js'
import { warnOfCosts } from './warn-of-costs.js'

/** An answer that came after its deadline: evidence for a message that is held, or about to be sent again. */
export function takeLate(attempt: Attempt, outcome: DeliveryOutcome, context: DispatchContext): void {
  if (!tells(attempt, outcome)) return
  const { journey } = attempt
  // Others of its slice are in the air: it counts when they have landed.
  if (!journey.concluded) {
    attempt.outcome = outcome
    return
  }
  if (context.gates.consumes) warnOfCosts([{ ...attempt, outcome }], context)
  context.evidence.follow(new Map([[journey.message.id, [evidenceOf(attempt, outcome, context)]]]))
}

/**
 * That it was sent always tells something. That it was not does where nothing but the deadline spoke before: a driver
 * that answers twice contradicts itself, and is not believed that nothing went out.
 */
function tells({ outcome: before }: Attempt, { kind }: DeliveryOutcome): boolean {
  if (kind === 'unknown') return false
  return kind === 'sent' || (before?.kind === 'unknown' && before.reason === 'deadline-passed')
}

function evidenceOf(attempt: Attempt, outcome: DeliveryOutcome, context: DispatchContext): Evidence {
  const { journey, channel } = attempt
  // As it stood before the attempt: whether one before it may have gone out, and which providers were tried.
  const before = parseProgress(journey.message.progress)
  const asked = { ...attempt, outcome, journey: { ...journey, progress: before } }
  const leg = legAfter(asked, outcome, { now: context.storeNow(), random: context.random })
  return {
    apply: (progress) => (concerns(progress, asked, outcome) ? withLeg(progress, channel.name, leg) : progress),
    events: (now) => [attemptEvent(asked, leg, now)],
  }
}

/** False once somebody knows better, or where it tells nothing of what was tried since. */
function concerns(progress: Progress, { journey, channel, number }: Attempt, { kind }: DeliveryOutcome): boolean {
  const leg = progress.legs[channel.name]
  if (leg === undefined || !isUnknown(leg) || progress.resend !== journey.progress.resend) return false
  return kind === 'sent' || leg.attempts === number
}

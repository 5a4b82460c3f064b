import type { EngineOptions } from '../engine/engine-options.js'
import type { OpenEngine } from '../engine/engine.js'
import { draftMessage } from '../intake/draft-message.js'
import type { NotifyCall } from '../intake/notify.js'
import { gateContext } from '../dispatch/dispatch-context.js'
import { deliveryItem, messageItem } from '../dispatch/journey.js'
import type { Attempt, Journey } from '../dispatch/journey.js'
import { applyDeliveryDecision, applyMessageDecision } from '../dispatch/decisions.js'
import { planJourney } from '../dispatch/plan-journey.js'
import { prepare, readRecipients } from '../dispatch/prepare.js'
import { fillAttempt } from '../dispatch/fill-attempt.js'
import { failLeg } from '../dispatch/outbound.js'
import type { NotedItem } from '../gates/noted-item.js'
import { expectedCost } from '../dispatch/cost-of-attempt.js'
import type { Cost, Gate, GateItem, Reason, Settled, Verdict } from '../spec/index.js'
import type { Decision, Explanation } from '../reach/explanation.js'

/** The whole decision about a message that is not sent: nothing is stored, nothing is used up. */
export async function explain(call: NotifyCall, engine: OpenEngine, options: EngineOptions): Promise<Explanation> {
  const message = await draftMessage(call, engine, options)
  const decisions: Decision[] = []
  if (message.due > engine.storeClock.now()) {
    const reason = { code: 'scheduled' }
    decisions.push({ name: 'schedule', phase: 'message', verdict: 'defer', reason, until: new Date(message.due) })
  }
  const journey = prepare(message, await readRecipients([message], engine.context), engine.context)
  if ('to' in journey) {
    decisions.push(stopOf('directory', journey.to))
    return conclusion(journey.to, decisions)
  }
  return (await explainGates(journey, engine, decisions)) ?? explainRoute(journey, engine, decisions)
}

async function explainGates(
  journey: Journey,
  engine: OpenEngine,
  decisions: Decision[],
): Promise<Explanation | undefined> {
  const { gates } = engine.context
  const context = gateContext(engine.context)
  const [decision] = await gates.check('message', [messageItem(journey)], context, (gate, item, verdict) =>
    decisions.push(decisionOf(gate, item, verdict)),
  )
  const to = decision === undefined ? undefined : applyMessageDecision(journey, decision, engine.context)
  return to === undefined ? undefined : conclusion(to, decisions)
}

/** Follows the route until a channel would be attempted, or none is left. */
async function explainRoute(journey: Journey, engine: OpenEngine, decisions: Decision[]): Promise<Explanation> {
  for (;;) {
    const known = journey.events.length
    const plan = planJourney(journey, { ...engine.context, probes: false })
    for (const event of journey.events.slice(known)) {
      const reason = { code: event.reason ?? 'channel-unavailable' }
      decisions.push({
        name: 'route',
        phase: 'delivery',
        verdict: 'reject',
        reason,
        ...(event.channel !== undefined && { channel: event.channel }),
      })
    }
    if ('to' in plan) return conclusion(plan.to, decisions)
    const open = await explainAttempts(plan.attempts, engine, decisions)
    if (open.length > 0) return { verdict: 'send', channels: open.map(({ channel }) => channel.name), decisions }
  }
}

/** The attempts that every gate lets pass and that have content. */
async function explainAttempts(
  attempts: readonly Attempt[],
  engine: OpenEngine,
  decisions: Decision[],
): Promise<Attempt[]> {
  const { gates } = engine.context
  const context = gateContext(engine.context)
  const items = attempts.map(deliveryItem)
  const reasons = await Promise.all(attempts.map(async (attempt) => fillAttempt(attempt, engine.context)))
  const priced = items.map((item, index) => withCost(item, attempts[index]?.cost))
  const decided = await gates.check('delivery', priced, context, (gate, item, verdict) =>
    decisions.push(decisionOf(gate, item, verdict)),
  )
  const open: Attempt[] = []
  for (const [index, attempt] of attempts.entries()) {
    const decision = decided[index]
    if (decision !== undefined && decision.verdict.kind !== 'pass') applyDeliveryDecision(attempt, decision)
    else if (explainContent(attempt, reasons[index], decisions)) open.push(attempt)
  }
  return open
}

/** Nothing is taken here, so that gates that read judge by what the others would be asked to take. */
function withCost(item: NotedItem, cost: Cost | undefined): NotedItem {
  return cost === undefined ? item : { ...item, cost }
}

function explainContent(attempt: Attempt, reason: Reason | undefined, decisions: Decision[]): boolean {
  const place = { phase: 'delivery', channel: attempt.channel.name, provider: attempt.provider.name } as const
  if (reason === undefined) {
    const cost = expectedCost(attempt)
    decisions.push({ name: 'content', ...place, verdict: 'pass', ...(cost !== undefined && { cost }) })
    return true
  }
  failLeg(attempt.journey, attempt.channel.name, reason, attempt.provider.name)
  decisions.push({ name: 'content', ...place, verdict: 'reject', reason })
  return false
}

function decisionOf(gate: Gate, { channel, provider }: GateItem, verdict: Verdict): Decision {
  return {
    name: gate.name,
    phase: gate.phase,
    verdict: verdict.kind,
    ...(channel !== undefined && { channel }),
    ...(provider !== undefined && { provider }),
    ...(verdict.kind !== 'pass' && { reason: verdict.reason }),
    ...(verdict.kind === 'defer' && { until: new Date(verdict.until) }),
  }
}

function stopOf(name: string, to: Settled): Decision {
  const reason: Reason = to.reason ?? { code: 'recipient-unknown' }
  return {
    name: reason.code === 'expired' ? 'ttl' : name,
    phase: 'message',
    verdict: to.state === 'waiting' ? 'defer' : 'reject',
    reason,
  }
}

function conclusion(to: Settled, decisions: readonly Decision[]): Explanation {
  const reason = to.reason === undefined ? {} : { reason: to.reason }
  if (to.state === 'waiting') return { verdict: 'defer', channels: [], until: new Date(to.due), ...reason, decisions }
  return { verdict: 'reject', channels: [], ...reason, decisions }
}

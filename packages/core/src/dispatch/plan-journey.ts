import type { WiredChannel, WiredProvider } from '../channel/wired-channel.js'
import { firstChannel } from '../route/first-channel.js'
import { noProgress, withLeg } from '../route/progress.js'
import { channelsIn } from '../route/typed-route.js'
import { advance } from '../route/advance.js'
import type { Advance, SplitNode } from '../route/advance.js'
import type { MessageOutcome, Reason, ReasonCode, Settled } from '../spec/index.js'
import type { DispatchContext } from './dispatch-context.js'
import { newAttempt, routeOf } from './journey.js'
import type { Attempt, Journey } from './journey.js'
import { failLeg } from './outbound.js'

/** The next move of a journey: attempts to make, or where the message goes. */
export type Plan = { readonly attempts: Attempt[] } | { readonly to: Settled }

/** Follows the route until there is something to attempt. Channels that cannot be used are failed on the way. */
export function planJourney(journey: Journey, context: DispatchContext): Plan {
  return planFirst(journey, context) ?? planOnward(journey, context)
}

/** A message at the start of a plain route: its first channel, where that can be used. */
function planFirst(journey: Journey, context: DispatchContext): Plan | undefined {
  if (journey.progress !== noProgress || isPastTtl(journey, context.storeNow())) return undefined
  const first = firstChannel(journey.definition.route)
  const attempt = first === undefined ? undefined : planAttempt(journey, first, context)
  return attempt === undefined ? undefined : { attempts: [attempt] }
}

function planOnward(journey: Journey, context: DispatchContext): Plan {
  for (;;) {
    const next = nextMove(journey, context)
    if (next.kind !== 'open') return { to: ending(journey, next.kind, context) }
    if (isPastTtl(journey, context.storeNow())) return { to: ttlEnding(journey, context) }
    if (next.attempt.length === 0) return { to: waiting(journey, next, context) }
    const attempts = next.attempt.flatMap((channel) => planAttempt(journey, channel, context) ?? [])
    if (attempts.length === next.attempt.length) return { attempts }
  }
}

/** Where a message goes after its attempts: like `planJourney`, but what is to be attempted waits for its next step. */
export function concludeJourney(journey: Journey, context: DispatchContext): Settled {
  const next = nextMove(journey, context)
  return next.kind === 'open' ? waiting(journey, next, context) : ending(journey, next.kind, context)
}

function nextMove(journey: Journey, context: DispatchContext): Advance {
  const pick = (node: SplitNode, place: string, failed: ReadonlySet<string>): string | undefined =>
    pickChannel(journey, node, place, failed, context)
  return advance(routeOf(journey), journey.progress, { now: context.storeNow(), pick })
}

function pickChannel(
  journey: Journey,
  node: SplitNode,
  place: string,
  failed: ReadonlySet<string>,
  { random, splits }: DispatchContext,
): string | undefined {
  const before = journey.progress.picks?.[place]
  if (before !== undefined && !failed.has(before)) return before
  const key = `${place}/${journey.recipient.id}`
  const picked = splits.get(journey.message.type)?.pick(node, key, failed, random)
  if (picked === undefined) return undefined
  journey.progress = { ...journey.progress, picks: { ...journey.progress.picks, [place]: picked } }
  return picked
}

function planAttempt(journey: Journey, name: string, context: DispatchContext): Attempt | undefined {
  const channel = context.channels.get(name)
  if (channel === undefined) return unusable(journey, name, 'channel-unavailable')
  const leg = journey.progress.legs[name]
  const provider = providerFor(journey, channel, context)
  if (provider === undefined) return unusable(journey, name, 'channel-unavailable')
  const address = addressFor(journey, provider, name)
  if (address === undefined || address === null || address === '') return unusable(journey, name, 'address-missing')
  const attempt = newAttempt(journey, channel, provider, (leg?.attempts ?? 0) + 1)
  attempt.address = address
  return attempt
}

/** Gives the channel up: there is no attempt. */
function unusable(journey: Journey, channel: string, code: ReasonCode): undefined {
  failLeg(journey, channel, { code })
}

/** Who sends it; undefined where only one may, and this process has not got it. */
function providerFor(journey: Journey, channel: WiredChannel, context: DispatchContext): WiredProvider | undefined {
  const { random, probes } = context
  const leg = journey.progress.legs[channel.name]
  if (leg?.pinned === true) return channel.provider(leg.provider)
  // What is urgent is not for trying a provider out.
  const probe = probes && leg === undefined && journey.message.lane !== 'P0' ? channel.probe() : undefined
  if (probe !== undefined) return probe
  return channel.pick(journey.recipient.id, leg?.tried ?? [], random)
}

function addressFor({ recipient }: Journey, { driver }: WiredProvider, channel: string): unknown {
  return driver.addressing === 'recipient' ? recipient.id : recipient.addresses?.[channel]
}

function isPastTtl({ message }: Journey, now: number): boolean {
  return message.expires !== undefined && message.expires <= now
}

/** The ttl is over: what is still to be tried is given up. What was sent counts, and what may have been sent is held. */
export function ttlEnding(journey: Journey, context: DispatchContext): Settled {
  return stopJourney(journey, { code: 'expired' }, 'expired', context)
}

/**
 * Where a message goes that has to stop now: what was sent on a channel stays sent, what may have gone out is held, and
 * where nothing was, it ends with the outcome given.
 */
export function stopJourney(
  journey: Journey,
  reason: Reason,
  outcome: MessageOutcome,
  context: DispatchContext,
): Settled {
  const route = routeOf(journey)
  for (const name of channelsIn(route)) {
    const leg = journey.progress.legs[name]
    if (leg !== undefined && leg.state !== 'retry') continue
    const over = { ...leg, attempts: leg?.attempts ?? 0 }
    const next =
      leg?.pinned === true ? ({ ...over, state: 'unknown' } as const) : ({ ...over, state: 'failed', reason } as const)
    journey.progress = withLeg(journey.progress, name, next)
  }
  const end = advance(route, journey.progress, { now: Number.POSITIVE_INFINITY, pick: () => undefined })
  if (end.kind === 'failed' || end.kind === 'open') return { state: 'done', outcome, reason }
  return ending(journey, end.kind, context)
}

const doneSent: Settled = { state: 'done', outcome: 'sent' }

function ending(journey: Journey, kind: Exclude<Advance['kind'], 'open'>, context: DispatchContext): Settled {
  if (kind === 'sent') return doneSent
  const reason = lastReason(journey)
  if (kind === 'partly-sent') return { state: 'done', outcome: 'partly-sent', reason }
  if (kind === 'failed') return { state: 'done', outcome: 'rejected', reason }
  const due = context.storeNow() + journey.definition.holdForMs
  return { state: 'held', due, reason, progress: JSON.stringify(journey.progress) }
}

function waiting(journey: Journey, next: Extract<Advance, { kind: 'open' }>, context: DispatchContext): Settled {
  const { expires } = journey.message
  if (expires !== undefined && next.due >= expires && next.waits === 'retry') return ttlEnding(journey, context)
  const reason = next.waits === 'receipt' ? { code: 'awaiting-receipt' } : lastReason(journey)
  const due = expires === undefined ? next.due : Math.min(next.due, expires)
  return { state: 'waiting', due, reason, progress: JSON.stringify(journey.progress) }
}

/** The reason of the channel that stopped last; of those that may have gone out before any other. */
function lastReason({ progress }: Journey): Reason {
  const legs = Object.values(progress.legs)
  const unknown = legs.find(({ state }) => state === 'unknown')
  return unknown?.reason ?? legs.findLast(({ reason }) => reason !== undefined)?.reason ?? { code: 'retry-later' }
}

import { noteKey } from '../gates/noted-item.js'
import type { Decision } from '../gates/noted-item.js'
import type { Reason, Settled } from '../spec/index.js'
import type { DispatchContext } from './dispatch-context.js'
import type { Attempt, Journey } from './journey.js'
import { deferLeg, failLeg, isSameReason } from './outbound.js'
import { stopJourney } from './plan-journey.js'

const mostReroutes = 3

/** What a gate's word means for a message before it is routed; undefined where it travels on. */
export function applyMessageDecision(
  journey: Journey,
  { gate, verdict }: Decision,
  context: DispatchContext,
): Settled | undefined {
  switch (verdict.kind) {
    case 'pass':
      return undefined
    case 'reject':
      return stopJourney(journey, verdict.reason, 'rejected', context)
    case 'defer': {
      keepNote(journey, noteKey(gate, undefined), verdict.note)
      const due = Math.min(verdict.until, journey.message.expires ?? Infinity)
      tellDeferral(journey, verdict.reason)
      return { state: 'waiting', due, reason: verdict.reason, progress: JSON.stringify(journey.progress) }
    }
    case 'reroute':
      // What may have gone out goes no other way: that would be a second copy.
      return isPinned(journey) || reroute(journey, verdict.to) ? undefined : tooManyReroutes
  }
}

/** Of deferrals for the same reason, one after the other, only the first is told: a timeline must not grow for ever. */
function tellDeferral({ events, message }: Journey, reason: Reason): void {
  if (isSameReason(message.reason, reason)) return
  const { code, detail } = reason
  events.push({ step: message.step, kind: 'deferred', reason: code, ...(detail !== undefined && { detail }) })
}

const tooManyReroutes: Settled = { state: 'done', outcome: 'rejected', reason: { code: 'reroutes-exhausted' } }

function isPinned({ progress }: Journey): boolean {
  return Object.values(progress.legs).some(({ pinned }) => pinned === true)
}

/** What a gate's word means for one channel of a message. */
export function applyDeliveryDecision({ journey, channel, provider }: Attempt, { gate, verdict }: Decision): void {
  switch (verdict.kind) {
    case 'pass':
      return
    case 'reject':
      return failLeg(journey, channel.name, verdict.reason, provider.name)
    case 'defer':
      keepNote(journey, noteKey(gate, channel.name), verdict.note)
      return deferLeg(journey, channel.name, verdict.until, verdict.reason)
    case 'reroute': {
      const pinned = journey.progress.legs[channel.name]?.pinned === true
      const rerouted = pinned || verdict.to === undefined || reroute(journey, verdict.to)
      return failLeg(journey, channel.name, rerouted ? verdict.reason : { code: 'reroutes-exhausted' }, provider.name)
    }
  }
}

/** Puts the channels in the place of the route; false where that was done too often. */
function reroute(journey: Journey, to: readonly string[] | undefined): boolean {
  const reroutes = (journey.progress.reroutes ?? 0) + 1
  if (reroutes > mostReroutes) return false
  journey.progress = { ...journey.progress, reroutes, ...(to !== undefined && { to }) }
  journey.events.push({ step: journey.message.step, kind: 'rerouted' })
  return true
}

function keepNote(journey: Journey, key: string, note: string | undefined): void {
  if (note === undefined) return
  journey.progress = { ...journey.progress, notes: { ...journey.progress.notes, [key]: note } }
}

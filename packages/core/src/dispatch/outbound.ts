import type { LegProgress } from '../route/progress.js'
import { withLeg } from '../route/progress.js'
import type { HistoryEvent, HistoryKind, Reason, Sent } from '../spec/index.js'
import { recordedCost } from './cost-of-attempt.js'
import type { Attempt, Journey } from './journey.js'

/** Puts a channel's new standing into the journey, and tells history. */
export function moveLeg(journey: Journey, channel: string, leg: LegProgress, event: HistoryEvent): void {
  journey.progress = withLeg(journey.progress, channel, leg)
  journey.events.push(event)
}

/**
 * A channel that is given up without an attempt: no address, no content, a gate said no. Where an attempt before may have
 * gone out, nobody knows of it any better now.
 */
export function failLeg(journey: Journey, channel: string, reason: Reason, provider?: string): void {
  const before = journey.progress.legs[channel]
  const attempts = before?.attempts ?? 0
  const unknown = before?.pinned === true
  const event = legEvent(journey, unknown ? 'unknown' : 'rejected', channel, reason, provider)
  const sentBy = unknown && before.provider !== undefined ? { provider: before.provider } : {}
  moveLeg(journey, channel, { ...sentBy, state: unknown ? 'unknown' : 'failed', attempts, reason }, event)
}

/** A channel that has to wait, without an attempt counted. History is told once of what is put off for the same reason again. */
export function deferLeg(journey: Journey, channel: string, until: number, reason: Reason): void {
  const before = journey.progress.legs[channel]
  const leg = { ...before, state: 'retry', attempts: before?.attempts ?? 0, due: until, reason } as const
  if (before?.state === 'retry' && isSameReason(before.reason, reason))
    journey.progress = withLeg(journey.progress, channel, leg)
  else moveLeg(journey, channel, leg, legEvent(journey, 'deferred', channel, reason))
}

export function isSameReason(before: Reason | undefined, { code, detail }: Reason): boolean {
  return before?.code === code && before.detail === detail
}

function legEvent(
  journey: Journey,
  kind: HistoryKind,
  channel: string,
  reason: Reason,
  provider?: string,
): HistoryEvent {
  return {
    step: journey.message.step,
    kind,
    channel,
    reason: reason.code,
    ...(reason.detail !== undefined && { detail: reason.detail }),
    ...(provider !== undefined && { provider }),
  }
}

/** What history keeps of an attempt. */
export function attemptEvent(attempt: Attempt, leg: LegProgress | undefined, at: number): HistoryEvent {
  const { outcome } = attempt
  if (outcome?.kind === 'sent') return sentEvent(attempt, outcome, at)
  const { journey, channel, provider, number } = attempt
  const kind = outcome?.kind ?? 'unknown'
  const { step } = journey.message
  const event = { step, kind, at, channel: channel.name, provider: provider.name, attempt: number }
  const reason = leg?.reason
  if (reason === undefined) return event
  return { ...event, reason: reason.code, ...(reason.detail !== undefined && { detail: reason.detail }) }
}

function sentEvent(attempt: Attempt, { kind, providerId }: Sent, at: number): HistoryEvent {
  const { journey, channel, provider, number } = attempt
  const { step } = journey.message
  const event: HistoryEvent =
    providerId === undefined
      ? { step, kind, at, channel: channel.name, provider: provider.name, attempt: number }
      : { step, kind, at, channel: channel.name, provider: provider.name, attempt: number, providerId }
  const cost = recordedCost(attempt)
  return cost === undefined ? event : { ...event, cost }
}

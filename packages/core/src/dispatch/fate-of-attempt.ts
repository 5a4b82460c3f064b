import type { MessageDefinition } from '../message/definition.js'
import type { LegProgress, Progress } from '../route/progress.js'
import type { RouteNode } from '../route/route.js'
import type { MessageRecord } from '../spec/index.js'
import type { DispatchContext } from './dispatch-context.js'
import { isUnknownReason } from './outcome.js'

/** What a dead lease may have attempted: a channel of a message, at the step that its entry has. */
export interface DeadAttempt {
  readonly entry: string
  readonly step: number
  readonly channel: string
  readonly definition: MessageDefinition
}

/**
 * True where the attempt counts: it went out, or may have gone out and was sent again. False where it certainly did not go
 * out, or the provider drops a copy. Undefined where nobody knows yet: what was taken stays taken.
 */
export function fateOfAttempt(
  attempt: DeadAttempt,
  record: MessageRecord,
  progress: Progress,
  context: DispatchContext,
): boolean | undefined {
  const leg = progress.legs[attempt.channel]
  if (record.step <= attempt.step) return fateAtItsStep(record, leg)
  if (record.state === 'done') return fateBeforeTheEnd(attempt, record, context)
  // A person had it sent once more since: whatever came of it before, it may have gone out.
  if (leg === undefined) return progress.resend !== undefined && progress.resend > attempt.step
  return fateByLeg(attempt, record, leg, context)
}

/** Nothing was attempted since: its end is the message's. */
function fateAtItsStep({ state, outcome }: MessageRecord, leg: LegProgress | undefined): boolean | undefined {
  if (outcome === 'sent' || outcome === 'partly-sent' || isSent(leg)) return true
  // It was never begun: what waits on a channel does so since a step before.
  if (state === 'waiting' && leg?.state === 'retry') return false
  if (leg?.state === 'unknown' || leg?.pinned === true) return undefined
  return state === 'waiting' || nothingWent(outcome) || leg?.state === 'failed' ? false : undefined
}

/**
 * It ended in `waiting`, and the channels are forgotten since. Where the first that is sent ends the route, it was not sent;
 * where others were still to come, or it may have been an unknown that was sent again, it counts.
 */
function fateBeforeTheEnd(attempt: DeadAttempt, { outcome }: MessageRecord, context: DispatchContext): boolean {
  if (nothingWent(outcome)) return false
  return !endsWithFirstSent(attempt.definition.route) || mayComeTwice(attempt, context)
}

/** It ended in `waiting`, or its unknown was resolved: its channel tells, unless a later attempt moved that once more. */
function fateByLeg(
  attempt: DeadAttempt,
  { step }: MessageRecord,
  leg: LegProgress,
  context: DispatchContext,
): boolean | undefined {
  if (isSent(leg)) return true
  if (leg.state === 'failed') return false
  if (leg.state === 'unknown') {
    // What a reservation is kept for is resolved with it.
    if (leg.reservation?.startsWith(`${attempt.entry}/`)) return undefined
    return mayComeTwice(attempt, context)
  }
  const isItsLast = step === attempt.step + 1
  if (leg.pinned !== true || (isItsLast && !isUnknownReason(leg.reason))) return false
  return !deduplicates(attempt.channel, leg.provider, context)
}

/** So does a message end only where nothing went out, and nothing may have. */
function nothingWent(outcome: MessageRecord['outcome']): boolean {
  return outcome === 'rejected' || outcome === 'expired' || outcome === 'cancelled'
}

function isSent(leg: LegProgress | undefined): boolean {
  return leg?.state === 'sent' || leg?.state === 'delivered' || leg?.state === 'read'
}

function deduplicates(channel: string, provider: string | undefined, { channels }: DispatchContext): boolean {
  return channels.get(channel)?.provider(provider)?.driver.capabilities.deduplicates === true
}

/** An unknown is sent again on the channel though a provider of it drops no copy. */
function mayComeTwice({ channel, definition }: DeadAttempt, { channels }: DispatchContext): boolean {
  if (definition.onUnknown !== 'resend') return false
  return channels.get(channel)?.providers.every(({ driver }) => driver.capabilities.deduplicates) !== true
}

function endsWithFirstSent(node: RouteNode): boolean {
  if (node.kind === 'channel' || node.kind === 'split') return true
  return node.kind === 'firstOf' && node.wait === undefined && node.legs.every(endsWithFirstSent)
}

import { isNotSentError, retry } from '../spec/index.js'
import type { DeliveryOutcome, Random, Reason } from '../spec/index.js'
import { backoffDelay } from '../backoff/index.js'
import type { LegProgress } from '../route/progress.js'
import type { Attempt } from './journey.js'

const kinds: ReadonlySet<unknown> = new Set(['sent', 'rejected', 'retry', 'unknown'])

/** What a driver answered, or `unknown` where that is no outcome. */
export function parseOutcome(value: unknown): DeliveryOutcome {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !kinds.has(value.kind)) {
    return { kind: 'unknown', reason: 'driver-failed' }
  }
  const outcome = value as DeliveryOutcome
  return outcome.kind === 'retry' && outcome.afterMs !== undefined ? retryOf(outcome.afterMs, outcome.reason) : outcome
}

/** A time that is none is passed over: our own backoff does. */
function retryOf(afterMs: number, reason: string | undefined): DeliveryOutcome {
  return retry(Number.isFinite(afterMs) && afterMs >= 0 ? afterMs : undefined, reason)
}

/** What a driver threw: certainly not sent only where it says so. */
export function outcomeOfError(error: unknown): DeliveryOutcome {
  if (!isNotSentError(error)) return { kind: 'unknown', reason: 'driver-failed' }
  return error.afterMs === undefined ? retry(undefined, 'not-sent') : retryOf(error.afterMs, 'not-sent')
}

export interface OutcomeContext {
  readonly now: number
  readonly random: Random
}

/** Where a channel stands after an attempt. Decides on retry, failover and hold; pure but for the jitter. */
export function legAfter(attempt: Attempt, outcome: DeliveryOutcome, context: OutcomeContext): LegProgress {
  const base = { attempts: attempt.number, provider: attempt.provider.name }
  switch (outcome.kind) {
    case 'sent':
      return { ...base, state: 'sent', at: context.now }
    case 'rejected':
      return afterRejection(attempt, outcome, base, context)
    case 'retry':
      return afterRetry(attempt, outcome.afterMs, outcome.reason, base, context)
    case 'unknown':
      return afterUnknown(attempt, outcome.reason, base, context)
  }
}

type Base = Pick<LegProgress, 'attempts'> & { readonly provider: string }

function afterRejection(
  attempt: Attempt,
  outcome: Extract<DeliveryOutcome, { kind: 'rejected' }>,
  base: Base,
  { now }: OutcomeContext,
): LegProgress {
  const reason = { code: outcome.invalidAddress ? 'address-invalid' : 'provider-rejected', detail: outcome.reason }
  const tried = [...triedBefore(attempt), base.provider]
  if (!outcome.invalidAddress && mayHaveGoneOut(attempt)) return { ...base, state: 'unknown', reason }
  if (!outcome.invalidAddress && attempt.channel.hasOther(tried))
    return { ...base, state: 'retry', due: now, tried, reason }
  return { ...base, state: 'failed', reason }
}

function afterRetry(
  attempt: Attempt,
  afterMs: number | undefined,
  detail: string | undefined,
  base: Base,
  context: OutcomeContext,
): LegProgress {
  const reason = { code: 'retry-later', ...(detail !== undefined && { detail }) }
  const pinned = mayHaveGoneOut(attempt)
  if (attempt.number >= attempt.journey.definition.retry.attempts) {
    return { ...base, state: pinned ? 'unknown' : 'failed', reason: { ...reason, code: 'retries-exhausted' } }
  }
  const tried = [...triedBefore(attempt), base.provider]
  if (!pinned && attempt.channel.hasOther(tried)) return { ...base, state: 'retry', due: context.now, tried, reason }
  const due = context.now + backoff(attempt, afterMs, context)
  return { ...base, state: 'retry', ...(pinned && { pinned }), due, reason }
}

const unknownCodes: ReadonlySet<unknown> = new Set(['deadline-passed', 'driver-failed', 'interrupted'])
const unknownOutcome = 'unknown-outcome'

/** What a channel waits for whose last attempt may have gone out. */
export function isUnknownReason(reason: Reason | undefined): boolean {
  return reason?.code === unknownOutcome || unknownCodes.has(reason?.code)
}

function afterUnknown(attempt: Attempt, detail: string | undefined, base: Base, context: OutcomeContext): LegProgress {
  const reason: Reason =
    detail !== undefined && unknownCodes.has(detail)
      ? { code: detail }
      : { code: unknownOutcome, ...(detail !== undefined && { detail }) }
  const again = attempt.provider.driver.capabilities.deduplicates || attempt.journey.definition.onUnknown === 'resend'
  if (!again) return { ...base, state: 'unknown', reason }
  if (attempt.number >= attempt.journey.definition.retry.attempts) return { ...base, state: 'unknown', reason }
  return { ...base, state: 'retry', pinned: true, due: context.now + backoff(attempt, undefined, context), reason }
}

function backoff(attempt: Attempt, afterMs: number | undefined, { random }: OutcomeContext): number {
  const { baseMs, capMs } = attempt.journey.definition.retry
  return backoffDelay({
    attempt: attempt.number - 1,
    baseMs,
    capMs,
    random,
    ...(afterMs !== undefined && { atLeastMs: afterMs }),
  })
}

/** An attempt before this one may have gone out: whatever this one says, it does not undo that. */
function mayHaveGoneOut({ journey, channel }: Attempt): boolean {
  return journey.progress.legs[channel.name]?.pinned === true
}

function triedBefore({ journey, channel }: Attempt): readonly string[] {
  return journey.progress.legs[channel.name]?.tried ?? []
}

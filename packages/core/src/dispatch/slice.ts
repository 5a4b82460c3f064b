import type { Reason } from '../spec/index.js'
import { gateContext } from './dispatch-context.js'
import { applyDeliveryDecision } from './decisions.js'
import { Delivery, notAttempted } from './deliver.js'
import { withPlaces } from './driver-queue.js'
import { fillAttempt } from './fill-attempt.js'
import { deliveryItem } from './journey.js'
import type { Attempt, Journey } from './journey.js'
import { attemptEvent, failLeg, moveLeg } from './outbound.js'
import { legAfter } from './outcome.js'
import { endsWhenSent } from '../route/first-channel.js'
import { concludeJourney, ttlEnding } from './plan-journey.js'
import type { Slice } from './slice-groups.js'
import type { SliceHost } from './slice-host.js'
import { attemptingOf, reservationOf } from './takeover.js'

const againMs = 1_000

/**
 * One slice: gates that read, content, gates that use something up, a place at each driver, begin, one attempt each.
 * Answers the journeys that a gate or their content stopped on a channel: they are planned anew.
 */
export async function runSlice(run: SliceHost, { journeys, queues }: Slice): Promise<Journey[]> {
  const slice = run.slices
  run.slices += 1
  const { gates } = run.context
  const stopped = new Set<Journey>()
  if (gates.has('delivery')) await passGates(run, journeys, stopped)
  const waiting = fillContents(run, journeys, stopped)
  if (waiting.length > 0) await Promise.all(waiting)
  const reservation = gates.consumes ? reservationOf(run.claim.entry, run.claim.token, slice) : ''
  if (gates.consumes) await takeAll(run, journeys, stopped, reservation)
  const ready = stopped.size === 0 ? journeys : journeys.filter((journey) => !stopped.has(journey))
  if (ready.length === 0) return [...stopped]
  const { lane } = run.envelope
  if (run.hasResults && !queues.every((queue) => queue.hasRoom(lane, ready.length))) await run.flush(false)
  const work = (): Promise<void> => send(run, ready, slice, reservation)
  const sent = await withPlaces(queues, lane, ready.length, run.context.stopping, work)
  if (!sent) await leave(run, reservation)
  return [...stopped]
}

async function passGates(run: SliceHost, journeys: readonly Journey[], stopped: Set<Journey>): Promise<void> {
  const { gates } = run.context
  const attempts = journeys.flatMap((journey) => journey.attempts)
  const decisions = await gates.check('delivery', attempts.map(deliveryItem), gateContext(run.context))
  decide(attempts, decisions, stopped)
}

function decide(
  attempts: readonly Attempt[],
  decisions: Awaited<ReturnType<SliceHost['context']['gates']['check']>>,
  stopped: Set<Journey>,
): void {
  for (const [index, attempt] of attempts.entries()) {
    const decision = decisions[index]
    if (decision === undefined || decision.verdict.kind === 'pass') continue
    applyDeliveryDecision(attempt, decision)
    stopped.add(attempt.journey)
  }
}

/** Checks addresses and renders content; a channel that has neither is given up. Answers what is waited for. */
function fillContents(run: SliceHost, journeys: readonly Journey[], stopped: Set<Journey>): Promise<void>[] {
  const waiting: Promise<void>[] = []
  const filled = (attempt: Attempt, reason: Reason | undefined): void => {
    if (reason === undefined) return
    failLeg(attempt.journey, attempt.channel.name, reason, attempt.provider.name)
    stopped.add(attempt.journey)
  }
  for (const journey of journeys) {
    if (stopped.has(journey)) continue
    for (const attempt of journey.attempts) {
      const reason = fillAttempt(attempt, run.context)
      if (reason instanceof Promise) waiting.push(reason.then((late) => filled(attempt, late)))
      else filled(attempt, reason)
    }
  }
  return waiting
}

async function takeAll(
  run: SliceHost,
  journeys: readonly Journey[],
  stopped: Set<Journey>,
  reservation: string,
): Promise<void> {
  const { gates } = run.context
  const attempts = journeys.filter((journey) => !stopped.has(journey)).flatMap((journey) => journey.attempts)
  if (attempts.length === 0) return
  const decisions = await gates.take(attempts.map(deliveryItem), reservation, gateContext(run.context))
  decide(attempts, decisions, stopped)
  // A message that one channel stopped is planned anew: what its other channels took goes back.
  const back = attempts.filter(({ journey }) => stopped.has(journey)).map((attempt) => deliveryItem(attempt).id)
  if (back.length > 0) await gates.end(reservation, [], back)
}

/** The process stops before the slice had its turn: it was never begun, and another process takes it. */
async function leave(run: SliceHost, reservation: string): Promise<void> {
  run.left = true
  if (run.context.gates.consumes) await run.context.gates.end(reservation, [], undefined)
}

async function send(run: SliceHost, journeys: readonly Journey[], slice: number, reservation: string): Promise<void> {
  const begun = await begin(run, journeys, slice)
  const mayStart = (): boolean => run.holdsLease && !run.context.aborting.aborted
  if (begun.length > 0) {
    const delivery = new Delivery(run.context, run.turns, run.late)
    await delivery.run(
      begun.flatMap((journey) => journey.attempts),
      mayStart,
    )
    if (run.context.gates.observes) reportAttempts(run, begun)
    for (const journey of begun) conclude(run, journey, reservation)
  }
  if (begun.length < journeys.length && !run.lease.lost) putBack(run, journeys, begun)
  if (run.context.gates.consumes) await endReservation(run, journeys, begun, reservation)
}

/** Tells gates how the attempts ended; what was never tried is no attempt. */
function reportAttempts(run: SliceHost, begun: readonly Journey[]): void {
  const reports = begun
    .flatMap(({ attempts }) => attempts)
    .flatMap((attempt) => {
      const { outcome, tookMs } = attempt
      return outcome === undefined || outcome === notAttempted ? [] : [{ item: deliveryItem(attempt), outcome, tookMs }]
    })
  run.context.gates.attempted(reports)
}

async function begin(run: SliceHost, journeys: readonly Journey[], slice: number): Promise<readonly Journey[]> {
  const { context, lease, claim, parcel } = run
  const asked = context.clock.monotonic()
  const before = run.hasResults ? run.takeSettlement(false) : undefined
  const answer = await context.begin({
    entry: claim.entry,
    token: claim.token,
    leaseMs: lease.leaseMs,
    slice,
    parcel,
    positions: journeys.map(({ message }) => message.position),
    steps: journeys.map(({ message }) => message.step),
    attempting: journeys.map(({ attempts }) => attemptingOf(attempts)),
    ...(before !== undefined && { settle: before.settlement }),
  })
  if (before !== undefined) {
    run.settled(before.settlement.results, before.messages, answer.settled)
    context.push(answer.envelopes)
  }
  if (answer.lease === 'lost') lease.lost = true
  else lease.until = asked + lease.leaseMs
  return begunOf(journeys, answer.begun)
}

function begunOf(journeys: readonly Journey[], positions: readonly number[]): readonly Journey[] {
  if (positions.length === journeys.length) return journeys
  const begun = new Set(positions)
  return journeys.filter(({ message }) => begun.has(message.position))
}

/**
 * The ledger did not begin these. Mostly they have moved on, and it passes over what is said of them here; what has
 * not comes again, or is over where its ttl ran out while it waited for a place.
 */
function putBack(run: SliceHost, journeys: readonly Journey[], begun: readonly Journey[]): void {
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
function conclude(run: SliceHost, journey: Journey, reservation: string): void {
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

/** Settles first, so that what the gates are told follows from the ledger. */
async function endReservation(
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

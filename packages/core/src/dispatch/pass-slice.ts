import type { Reason } from '../spec/index.js'
import { applyDeliveryDecision } from './decisions.js'
import { gateContext } from './dispatch-context.js'
import { fillAttempt } from './fill-attempt.js'
import { deliveryItem, deliveryItemId } from './journey.js'
import type { Attempt, Journey } from './journey.js'
import { failLeg } from './outbound.js'
import type { SliceHost } from './slice-host.js'

/**
 * Gates that read, content, gates that use something up, in that order. Answers the journeys that passed, and marks the
 * others as stopped; waits only where a gate or a schema does.
 */
export function passSlice(
  run: SliceHost,
  journeys: readonly Journey[],
  reservation: string,
): readonly Journey[] | Promise<readonly Journey[]> {
  const { gates } = run.context
  if (gates.has('delivery') || gates.consumes) return passGated(run, journeys, reservation)
  const waiting = fillContents(run, journeys)
  return waiting.length === 0 ? goingOn(journeys) : Promise.all(waiting).then(() => goingOn(journeys))
}

async function passGated(
  run: SliceHost,
  journeys: readonly Journey[],
  reservation: string,
): Promise<readonly Journey[]> {
  await passGates(run, journeys)
  const waiting = fillContents(run, journeys)
  if (waiting.length > 0) await Promise.all(waiting)
  if (run.context.gates.consumes) await takeAll(run, goingOn(journeys), reservation)
  return goingOn(journeys)
}

/** Those that nothing stopped. */
function goingOn(journeys: readonly Journey[]): readonly Journey[] {
  return journeys.some(({ stopped }) => stopped) ? journeys.filter(({ stopped }) => !stopped) : journeys
}

async function passGates(run: SliceHost, journeys: readonly Journey[]): Promise<void> {
  const attempts = journeys.flatMap((journey) => journey.attempts)
  decide(attempts, await run.context.gates.check('delivery', attempts.map(deliveryItem), gateContext(run.context)))
}

function decide(
  attempts: readonly Attempt[],
  decisions: Awaited<ReturnType<SliceHost['context']['gates']['check']>>,
): void {
  for (const [index, attempt] of attempts.entries()) {
    const decision = decisions[index]
    if (decision === undefined || decision.verdict.kind === 'pass') continue
    applyDeliveryDecision(attempt, decision)
    attempt.journey.stopped = true
  }
}

/** Checks addresses and renders content; a channel that has neither is given up. Answers what is waited for. */
function fillContents(run: SliceHost, journeys: readonly Journey[]): Promise<void>[] {
  const waiting: Promise<void>[] = []
  for (const journey of journeys) {
    if (journey.stopped) continue
    for (const attempt of journey.attempts) {
      const reason = fillAttempt(attempt, run.context)
      if (reason instanceof Promise) waiting.push(reason.then((late) => filledLate(run, attempt, late)))
      else filled(attempt, reason)
    }
  }
  return waiting
}

/** A schema that was still being asked when everything had to end refused nothing: the message is left. */
function filledLate(run: SliceHost, attempt: Attempt, reason: Reason | undefined): void {
  if (!run.context.aborting.aborted) return filled(attempt, reason)
  run.left = true
  attempt.journey.stopped = true
}

function filled({ journey, channel, provider }: Attempt, reason: Reason | undefined): void {
  if (reason === undefined) return
  failLeg(journey, channel.name, reason, provider.name)
  journey.stopped = true
}

async function takeAll(run: SliceHost, journeys: readonly Journey[], reservation: string): Promise<void> {
  const { gates } = run.context
  const attempts = journeys.flatMap((journey) => journey.attempts)
  if (attempts.length === 0) return
  decide(attempts, await gates.take(attempts.map(deliveryItem), reservation, gateContext(run.context)))
  // A message that one channel stopped is planned anew: what its other channels took goes back.
  const back = attempts.filter(({ journey }) => journey.stopped).map(deliveryItemId)
  if (back.length > 0) await gates.end(reservation, [], back)
}

import { endHeld } from '../gates/end-held.js'
import type { GateRunner } from '../gates/gate-runner.js'
import type { MessageDefinition } from '../message/definition.js'
import { isUnknown, parseProgress } from '../route/progress.js'
import type { LegProgress, Progress } from '../route/progress.js'
import { parseMessageId } from '../spec/index.js'
import type { Change, HistoryEvent, MessageRecord, Settled } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import type { Yielder } from '../yielding/index.js'
import type { DispatchContext } from './dispatch-context.js'
import { costOf } from './evidence.js'
import type { Evidence, EvidenceOf } from './evidence.js'
import { newJourney } from './journey.js'
import type { Journey } from './journey.js'
import { concludeJourney } from './plan-journey.js'

/** Where evidence moves a message. */
interface Move {
  readonly record: MessageRecord
  readonly before: Progress
  readonly after: Progress
  readonly to: Settled
  readonly events: readonly HistoryEvent[]
}

/**
 * Moves messages that wait or are held by what is known now, compare-and-set on the step: a timer that fires at the same
 * moment wins or loses, never both. Answers those that have to be looked at again: they are being sent, or were moved
 * by somebody else in between. The ledger is asked about all of them in one go, so they come by the page.
 */
export async function resolveEvidence(evidence: EvidenceOf, context: DispatchContext): Promise<string[]> {
  const yielder = createYielder(context.clock)
  const left: string[] = []
  const moves: Move[] = []
  for (const record of await context.ledger.get([...evidence.keys()])) {
    if (record?.state === 'sending') left.push(record.id)
    if (record === undefined) continue
    const move = await moveBy(record, evidence.get(record.id) ?? [], context, yielder)
    if (move !== undefined) moves.push(move)
  }
  if (moves.length === 0) return left
  await yielder.handOver()
  const answers = await context.ledger.change(moves.map((move) => changeBy(move, context)))
  for (const [index, move] of moves.entries()) {
    if (yielder.shouldYield()) await yielder.yieldTurn()
    const answer = answers[index]
    // Held keeps its step: two at once may both be taken, and one of them lost. A second look tells.
    if (answer?.status === 'conflict' || move.to.state === 'held') left.push(move.record.id)
    if (answer?.status !== 'changed') continue
    context.push(answer.envelopes)
    tell(move, context)
    await endReservations(move, context.gates)
  }
  return left
}

/** Undefined where the evidence answers no question of the message. */
async function moveBy(
  record: MessageRecord,
  evidence: readonly Evidence[],
  context: DispatchContext,
  yielder: Yielder,
): Promise<Move | undefined> {
  const definition = context.definitions.get(record.type)
  const asks = record.state === 'held' || (record.state === 'waiting' && record.progress !== undefined)
  if (!asks || definition === undefined) return undefined
  const now = context.storeNow()
  const before = parseProgress(record.progress)
  const events: HistoryEvent[] = []
  let after = before
  for (const each of evidence) {
    if (yielder.shouldYield()) await yielder.yieldTurn()
    const known = each.apply(after, now)
    if (known !== after) events.push(...each.events(now))
    after = known
  }
  if (after === before) return undefined
  const to = conclusion(record, definition, after, context)
  if (to.state === 'done') events.push(doneEvent(record, to, now))
  return { record, before, after, to, events }
}

function doneEvent(
  { step }: MessageRecord,
  { outcome, reason }: Extract<Settled, { state: 'done' }>,
  at: number,
): HistoryEvent {
  return { step, kind: 'done', at, outcome, ...(reason !== undefined && { reason: reason.code }) }
}

function conclusion(
  record: MessageRecord,
  definition: MessageDefinition,
  progress: Progress,
  context: DispatchContext,
): Settled {
  const to = concludeJourney(journeyOf(record, definition, progress), context)
  // It is held since then: that it still is does not begin the time anew.
  return to.state === 'held' && record.state === 'held' ? { ...to, due: record.due } : to
}

/** As far as its end can be told: nothing is sent by it. */
function journeyOf(record: MessageRecord, definition: MessageDefinition, progress: Progress): Journey {
  const position = parseMessageId(record.id)?.position ?? 0
  const message = { ...record, position, attempting: undefined, slice: undefined }
  const recipient = { id: record.recipient, addresses: {} }
  return newJourney({ message, definition, data: undefined, recipient, progress })
}

function changeBy({ record, to, events }: Move, { nextId }: DispatchContext): Change {
  const { id, step, lane, state } = record
  return { id, step, from: [state], to, events, entry: { id: nextId(), lane, weight: 1 } }
}

function tell({ record, to, events }: Move, context: DispatchContext): void {
  context.tell?.(record, events)
  if (to.state !== 'waiting' && to.state !== record.state) context.ended(record, to)
}

/** What gates took for a channel that nobody knew of: now it is known. */
async function endReservations({ record, before, after, events }: Move, gates: GateRunner): Promise<void> {
  if (!gates.consumes) return
  for (const [channel, leg] of Object.entries(before.legs)) {
    const known = after.legs[channel]
    if (leg.state !== 'unknown' || known === undefined || isUnknown(known)) continue
    const cost = costOf(events, channel)
    await endHeld(record.id, before, isSent(known) ? 'confirm' : 'release', gates, channel, cost)
  }
}

function isSent({ state }: LegProgress): boolean {
  return state !== 'failed' && state !== 'retry'
}

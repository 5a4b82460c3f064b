import { newJourney } from '../dispatch/journey.js'
import { concludeJourney } from '../dispatch/plan-journey.js'
import type { OpenEngine } from '../engine/engine.js'
import { endHeld } from '../gates/end-held.js'
import { describeKind } from '../options/index.js'
import { parseProgress, withLeg } from '../route/progress.js'
import type { Progress } from '../route/progress.js'
import { ReachError, parseMessageId } from '../spec/index.js'
import type { HistoryEvent, MessageRecord, Settled } from '../spec/index.js'
import { changeMany } from './change-many.js'
import type { Wanted } from './change-many.js'
import { parseChangeOptions, parseWhich } from './parse.js'
import type { OperatorResult, Resolution } from './types.js'

const resolutions: ReadonlySet<unknown> = new Set<Resolution>(['sent', 'not-sent', 'give-up'])

/**
 * Ends the doubt about held messages by what a person found out: `sent` counts as sent, and the route goes on from
 * there; `not-sent` is tried again, under the same idempotency key; `give-up` ends as `unresolved`.
 */
export async function resolveHeld(
  which: unknown,
  resolution: unknown,
  options: unknown,
  open: () => Promise<OpenEngine>,
): Promise<OperatorResult> {
  const wanted = parseWhich('resolve()', which)
  const { limit, detail } = parseChangeOptions('resolve()', options, [])
  assertResolution(resolution)
  const engine = await open()
  const held = 'filter' in wanted ? { filter: { ...wanted.filter, state: 'held' as const } } : wanted
  return changeMany(held, limit, (record) => planOf(record, resolution, detail, engine), engine)
}

function assertResolution(resolution: unknown): asserts resolution is Resolution {
  if (resolutions.has(resolution)) return
  const text = `resolve(): how it ends must be one of ${[...resolutions].join(', ')}, and was ${describeKind(resolution)}.`
  throw new ReachError('REACH_OPTION_INVALID', text)
}

function planOf(
  record: MessageRecord,
  resolution: Resolution,
  detail: string | undefined,
  engine: OpenEngine,
): Wanted | ReachError {
  const { id, step, lane } = record
  if (record.state !== 'held') return new ReachError('REACH_MESSAGE_CONFLICT', 'the message is not held')
  const before = parseProgress(record.progress)
  const { context } = engine
  const now = context.storeNow()
  const to = endOf(record, before, resolution, engine, now)
  const events: HistoryEvent[] = [
    { step, kind: 'changed', at: now, detail: detail === undefined ? resolution : `${resolution}, ${detail}` },
  ]
  if (resolution === 'sent') events.push(...sentEvents(step, before, now))
  if (to.state === 'done') events.push(doneEvent(step, to, now))
  return {
    change: { id, step, from: ['held'], to, events, entry: { id: context.nextId(), lane, weight: 1 } },
    async changed() {
      context.tell?.(record, events)
      if (to.state !== 'waiting') engine.waits.ended(id, to)
      // What may have gone out counts; only what certainly did not is given back.
      await endHeld(id, before, resolution === 'not-sent' ? 'release' : 'confirm', context.gates)
    },
  }
}

function endOf(
  record: MessageRecord,
  before: Progress,
  resolution: Resolution,
  { context }: OpenEngine,
  now: number,
): Settled {
  if (resolution === 'give-up') {
    const reason = { code: 'unresolved', ...(record.reason !== undefined && { detail: record.reason.code }) }
    return { state: 'done', outcome: 'unresolved', reason }
  }
  const progress = resolution === 'sent' ? sentLegs(before, now) : openLegs(before, now)
  const definition = context.definitions.get(record.type)
  // What was interrupted before anything was noted of it, or is of a type that only another process knows.
  if (definition === undefined || progress === before) return plainEnd(progress, resolution, now)
  const position = parseMessageId(record.id)?.position ?? 0
  const message = { ...record, position, attempting: undefined, slice: undefined }
  const recipient = { id: record.recipient, addresses: {} }
  return concludeJourney(newJourney({ message, definition, data: undefined, recipient, progress }), context)
}

function plainEnd(progress: Progress, resolution: 'sent' | 'not-sent', now: number): Settled {
  if (resolution === 'sent') return { state: 'done', outcome: 'sent' }
  return { state: 'waiting', due: now, reason: { code: 'retry-later' }, progress: JSON.stringify(progress) }
}

function sentLegs(before: Progress, at: number): Progress {
  let progress = before
  for (const [channel, { state, attempts, provider }] of Object.entries(before.legs)) {
    if (state !== 'unknown') continue
    progress = withLeg(progress, channel, { state: 'sent', attempts, at, ...(provider !== undefined && { provider }) })
  }
  return progress
}

/** Tried once more at least, by whichever provider the channel chooses. */
function openLegs(before: Progress, due: number): Progress {
  let progress = before
  for (const [channel, { state, attempts, provider }] of Object.entries(before.legs)) {
    if (state !== 'unknown') continue
    const leg = { attempts, due, reason: { code: 'retry-later' }, ...(provider !== undefined && { provider }) }
    progress = withLeg(progress, channel, { ...leg, state: 'retry' })
  }
  return progress
}

function sentEvents(step: number, { legs }: Progress, at: number): HistoryEvent[] {
  return Object.entries(legs).flatMap(([channel, { state, provider }]) =>
    state === 'unknown' ? [{ step, kind: 'sent', at, channel, ...(provider !== undefined && { provider }) }] : [],
  )
}

function doneEvent(step: number, { outcome, reason }: Extract<Settled, { state: 'done' }>, at: number): HistoryEvent {
  return { step, kind: 'done', at, outcome, ...(reason !== undefined && { reason: reason.code }) }
}

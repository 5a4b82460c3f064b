import { advance } from '../route/advance.js'
import type { SplitNode } from '../route/advance.js'
import { parseProgress, withLeg } from '../route/progress.js'
import type { LegProgress, Progress } from '../route/progress.js'
import type { RouteNode } from '../route/route.js'
import { routeOf } from '../dispatch/journey.js'
import { endHeld } from '../gates/end-held.js'
import { ReachError } from '../spec/index.js'
import type { Change, HistoryEvent, MessageRecord, Reason, Receipt, ReceiptKind, Settled } from '../spec/index.js'
import type { EngineOptions } from './engine-options.js'
import type { OpenEngine } from './open-engine.js'

export interface ReceiptsRecorded {
  readonly recorded: number
  readonly unmatched: number
}

/**
 * Takes what providers said later. A receipt is kept in history whatever the state; one that answers a question (was it
 * sent? was it delivered in time?) also moves the message on, by compare-and-set: a timer that fires at the same
 * moment wins or loses, never both.
 */
export async function recordReceipts(
  receipts: readonly Receipt[],
  engine: OpenEngine,
  options: EngineOptions,
): Promise<ReceiptsRecorded> {
  for (const receipt of receipts) assertMatchable(receipt)
  const ids = await matchReceipts(receipts, engine)
  const matched = receipts.flatMap((receipt, index) => ({ receipt, id: ids[index] })).filter(hasId)
  const records = await engine.ledger.get(matched.map(({ id }) => id))
  await engine.ledger.note(
    matched.map(({ id, receipt }, index) => ({ id, events: [eventOf(receipt, records[index])] })),
  )
  await moveAll(byMessage(matched), engine, options)
  const known = records.filter((record) => record !== undefined).length
  return { recorded: known, unmatched: receipts.length - known }
}

function hasId(match: { receipt: Receipt; id: string | undefined }): match is { receipt: Receipt; id: string } {
  return match.id !== undefined
}

const receiptKinds: ReadonlySet<ReceiptKind> = new Set([
  'sent',
  'delivered',
  'opened',
  'clicked',
  'read',
  'bounced',
  'complained',
  'recalled',
])

/** All are checked before any is taken. */
function assertMatchable({ messageId, providerId, kind }: Receipt): void {
  if (!receiptKinds.has(kind)) {
    throw new ReachError('REACH_OPTION_INVALID', `the kind of a receipt must be one of ${[...receiptKinds].join(', ')}`)
  }
  if (messageId !== undefined || providerId !== undefined) return
  throw new ReachError('REACH_OPTION_INVALID', 'a receipt needs a messageId or a providerId')
}

async function matchReceipts(
  receipts: readonly Receipt[],
  { history }: OpenEngine,
): Promise<readonly (string | undefined)[]> {
  return Promise.all(receipts.map((receipt) => matchReceipt(receipt, history)))
}

async function matchReceipt(receipt: Receipt, history: OpenEngine['history']): Promise<string | undefined> {
  if (receipt.messageId !== undefined) return receipt.messageId
  if (receipt.providerId === undefined) return undefined
  const [id] = await history.find(receipt.provider, [receipt.providerId])
  return id
}

function eventOf(
  { kind, at, channel, provider, providerId, reason }: Receipt,
  record: MessageRecord | undefined,
): HistoryEvent {
  return {
    step: record?.step ?? 0,
    kind,
    ...(at !== undefined && { at }),
    ...(channel !== undefined && { channel }),
    ...(provider !== undefined && { provider }),
    ...(providerId !== undefined && { providerId }),
    ...(reason !== undefined && { reason }),
  }
}

const read: ReadonlySet<ReceiptKind> = new Set(['opened', 'clicked', 'read'])

type Matched = Map<string, readonly { readonly receipt: Receipt }[]>

function byMessage(matches: readonly { readonly id: string; readonly receipt: Receipt }[]): Matched {
  const matched: Matched = new Map()
  for (const match of matches) matched.set(match.id, [...(matched.get(match.id) ?? []), match])
  return matched
}

const triesMs: readonly number[] = [0, 50, 100, 200, 400, 800, 1_600, 3_200]

/**
 * Moves messages that wait for a receipt, or are held. A receipt may be quicker than the settlement of the attempt
 * that it is about, and others may move the message at the same time: such a message is looked at anew, a little later.
 */
async function moveAll(matched: Matched, engine: OpenEngine, options: EngineOptions): Promise<void> {
  let left = matched
  for (const waitMs of triesMs) {
    if (left.size === 0) return
    if (waitMs > 0) await new Promise<void>((resolve) => engine.context.clock.setTimer(waitMs, resolve))
    left = await moveOnce(left, engine, options)
  }
  if (left.size > 0)
    engine.context.logger.warn({ messages: left.size }, 'receipts came for messages that are still being sent')
}

/** One round; answers those that have to be looked at again. */
async function moveOnce(matched: Matched, engine: OpenEngine, options: EngineOptions): Promise<Matched> {
  const left: Matched = new Map()
  const changes: Change[] = []
  const records = await engine.ledger.get([...matched.keys()])
  for (const record of records) {
    const receipts = matched.get(record?.id ?? '') ?? []
    if (record?.state === 'sending') left.set(record.id, receipts)
    const to = record === undefined ? undefined : settledBy(record, receipts, engine, options)
    if (record !== undefined && to !== undefined) changes.push(changeTo(record, to, engine))
  }
  const answers = changes.length === 0 ? [] : await engine.ledger.change(changes)
  for (const [index, { id, to }] of changes.entries()) {
    const answer = answers[index]
    if (answer?.status === 'conflict') left.set(id, matched.get(id) ?? [])
    // Held keeps its step: two receipts at once may both be taken, and one of them lost. A second look tells.
    if (answer?.status === 'changed' && to.state === 'held') left.set(id, matched.get(id) ?? [])
    if (answer?.status !== 'changed') continue
    engine.push(answer.envelopes)
    engine.waits.ended(id, to)
    await endReservations(
      id,
      records.find((record) => record?.id === id),
      matched.get(id) ?? [],
      engine,
    )
  }
  return left
}

/** What gates took for a channel that nobody knew of: now it is known. */
async function endReservations(
  id: string,
  record: MessageRecord | undefined,
  receipts: readonly { readonly receipt: Receipt }[],
  { context }: OpenEngine,
): Promise<void> {
  if (!context.gates.consumes) return
  const before = parseProgress(record?.progress)
  const now = context.clock.now()
  const after = receipts.reduce((known, { receipt }) => afterReceipt(known, receipt, now), before)
  for (const [channel, { state }] of Object.entries(before.legs)) {
    const known = after.legs[channel]?.state
    if (state === 'unknown' && known !== state)
      await endHeld(id, before, known === 'failed' ? 'release' : 'confirm', context.gates, channel)
  }
}

/** Where the receipts move the message; undefined where they answer no question of its route. */
function settledBy(
  record: MessageRecord,
  receipts: readonly { readonly receipt: Receipt }[],
  engine: OpenEngine,
  options: EngineOptions,
): Settled | undefined {
  const definition = options.definitions.get(record.type)
  const asks = record.state === 'held' || (record.state === 'waiting' && record.progress !== undefined)
  if (!asks || definition === undefined) return undefined
  const before = parseProgress(record.progress)
  const now = engine.storeClock.now()
  const progress = receipts.reduce((known, { receipt }) => afterReceipt(known, receipt, now), before)
  if (progress === before) return undefined
  const held = record.state === 'held' ? record.due : now + definition.holdForMs
  return nextOf(routeOf({ definition, progress }), progress, now, { due: held, reason: heldReason(progress, record) })
}

function heldReason({ legs }: Progress, { reason }: MessageRecord): Reason {
  return Object.values(legs).find(({ state }) => state === 'unknown')?.reason ?? reason ?? { code: 'unknown-outcome' }
}

function afterReceipt(progress: Progress, receipt: Receipt, now: number): Progress {
  const channel = receipt.channel ?? channelAsking(progress, receipt)
  const leg = channel === undefined ? undefined : progress.legs[channel]
  if (channel === undefined || leg === undefined) return progress
  const after = legAfterReceipt(leg, receipt, now)
  return after === leg ? progress : withLeg(progress, channel, after)
}

/** The channel that a receipt without one can only mean: the one nobody knows of, or the one sent last. */
function channelAsking({ legs }: Progress, { provider }: Receipt): string | undefined {
  const entries = Object.entries(legs).filter(([, leg]) => provider === undefined || leg.provider === provider)
  const open = entries.filter(([, leg]) => isUnknown(leg))
  const sent = entries.filter(([, { state }]) => state === 'sent' || state === 'delivered')
  return (open.length > 0 ? open : sent).toSorted(([, a], [, b]) => (b.at ?? 0) - (a.at ?? 0))[0]?.[0]
}

/** It may have gone out: nobody knows, or it is about to be sent again for that. */
function isUnknown({ state, pinned }: LegProgress): boolean {
  return state === 'unknown' || pinned === true
}

/** Receipts only move a channel forward, in whatever order they come. */
function legAfterReceipt(leg: LegProgress, { kind, at }: Receipt, now: number): LegProgress {
  if (leg.state === 'read') return leg
  const { pinned: _pinned, due: _due, reservation: _reservation, ...known } = leg
  const rest = { ...known, at: isUnknown(leg) ? (at ?? leg.at ?? now) : (leg.at ?? at ?? now) }
  if (read.has(kind)) return { ...rest, state: 'read' }
  if (leg.state === 'delivered') return leg
  if (kind === 'delivered') return { ...rest, state: 'delivered' }
  if (kind === 'bounced' && leg.state === 'failed') return leg
  if (kind === 'bounced') return { ...rest, state: 'failed', reason: { code: 'provider-rejected', detail: 'bounced' } }
  return isUnknown(leg) ? { ...rest, state: 'sent' } : leg
}

function nextOf(
  route: RouteNode,
  progress: Progress,
  now: number,
  held: { readonly due: number; readonly reason: Reason },
): Settled {
  const next = advance(route, progress, { now, pick: anyLeft })
  const text = JSON.stringify(progress)
  switch (next.kind) {
    case 'held':
      return { state: 'held', ...held, progress: text }
    case 'open': {
      const code = next.waits === 'receipt' ? 'awaiting-receipt' : 'retry-later'
      return { state: 'waiting', due: next.due, reason: { code }, progress: text }
    }
    case 'failed':
      return { state: 'done', outcome: 'rejected', reason: { code: 'provider-rejected', detail: 'bounced' } }
    case 'sent':
    case 'partly-sent':
      return { state: 'done', outcome: next.kind }
  }
}

/** Which one is for the next step to say; here it counts only that there is one. */
function anyLeft({ legs }: SplitNode, _place: string, failed: ReadonlySet<string>): string | undefined {
  return legs.find(({ channel }) => !failed.has(channel))?.channel
}

function changeTo({ id, step, lane, state }: MessageRecord, to: Settled, engine: OpenEngine): Change {
  const events = to.state === 'done' ? [{ step, kind: 'done', outcome: to.outcome } as const] : []
  return { id, step, from: [state], to, events, entry: { id: engine.context.nextId(), lane, weight: 1 } }
}

import { advance } from '../route/advance.js'
import type { SplitNode } from '../route/advance.js'
import { parseProgress, withLeg } from '../route/progress.js'
import type { LegProgress, Progress } from '../route/progress.js'
import { routeOf } from '../dispatch/journey.js'
import { ReachError } from '../spec/index.js'
import type { Change, HistoryEvent, MessageRecord, Receipt, ReceiptKind, Settled } from '../spec/index.js'
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
  await engine.ledger.note(matched.map(({ id, receipt }, index) => ({ id, events: [eventOf(receipt, records[index])] })))
  for (const [index, { receipt }] of matched.entries()) {
    const record = records[index]
    if (record !== undefined) await moveOn(record.id, receipt, engine, options)
  }
  const known = records.filter((record) => record !== undefined).length
  return { recorded: known, unmatched: receipts.length - known }
}

function hasId(match: { receipt: Receipt; id: string | undefined }): match is { receipt: Receipt; id: string } {
  return match.id !== undefined
}

/** All are checked before any is taken. */
function assertMatchable({ messageId, providerId }: Receipt): void {
  if (messageId !== undefined || providerId !== undefined) return
  throw new ReachError('REACH_OPTION_INVALID', 'a receipt needs a messageId or a providerId')
}

async function matchReceipts(receipts: readonly Receipt[], { history }: OpenEngine): Promise<readonly (string | undefined)[]> {
  return Promise.all(receipts.map((receipt) => matchReceipt(receipt, history)))
}

async function matchReceipt(receipt: Receipt, history: OpenEngine['history']): Promise<string | undefined> {
  if (receipt.messageId !== undefined) return receipt.messageId
  if (receipt.providerId === undefined) return undefined
  const [id] = await history.find(receipt.provider, [receipt.providerId])
  return id
}

function eventOf({ kind, at, channel, provider, providerId, reason }: Receipt, record: MessageRecord | undefined): HistoryEvent {
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

const triesMs: readonly number[] = [0, 50, 100, 200, 400, 800, 1_600, 3_200]

/**
 * Moves a message that waits for a receipt, or is held. A receipt may be quicker than the settlement of the attempt
 * that it is about, and others may move the message at the same time: then it is looked at anew, a little later.
 */
async function moveOn(id: string, receipt: Receipt, engine: OpenEngine, options: EngineOptions): Promise<void> {
  for (const waitMs of triesMs) {
    if (waitMs > 0) await new Promise<void>((resolve) => engine.context.clock.setTimer(waitMs, resolve))
    const [record] = await engine.ledger.get([id])
    if (record === undefined || record.state === 'done') return
    if (record.state !== 'sending' && (await moveOnce(record, receipt, engine, options))) return
  }
}

/** False where the message moved at the same moment. */
async function moveOnce(record: MessageRecord, receipt: Receipt, engine: OpenEngine, options: EngineOptions): Promise<boolean> {
  const asks = record.state === 'held' || record.progress !== undefined
  const definition = options.definitions.get(record.type)
  if (!asks || definition === undefined) return true
  const before = parseProgress(record.progress)
  const channel = receipt.channel ?? channelAsking(before)
  const leg = channel === undefined ? undefined : before.legs[channel]
  if (channel === undefined || leg === undefined) return true
  const after = legAfterReceipt(leg, receipt)
  if (after === leg) return true
  const to = settledBy(record, withLeg(before, channel, after), engine, options)
  return to === undefined || apply(record, to, engine)
}

/** The channel that a receipt without one can only mean: the one nobody knows of, or the one sent last. */
function channelAsking({ legs }: Progress): string | undefined {
  const entries = Object.entries(legs)
  const open = entries.filter(([, leg]) => isUnknown(leg))
  const sent = entries.filter(([, { state }]) => state === 'sent' || state === 'delivered')
  return (open.length > 0 ? open : sent).toSorted(([, a], [, b]) => (b.at ?? 0) - (a.at ?? 0))[0]?.[0]
}

/** It may have gone out: nobody knows, or it is about to be sent again for that. */
function isUnknown({ state, pinned }: LegProgress): boolean {
  return state === 'unknown' || pinned === true
}

/** Receipts only move a channel forward, in whatever order they come. */
function legAfterReceipt(leg: LegProgress, { kind, at }: Receipt): LegProgress {
  if (leg.state === 'read') return leg
  const { pinned: _, due: __, ...rest } = leg
  if (read.has(kind)) return { ...rest, state: 'read' }
  if (leg.state === 'delivered') return leg
  if (kind === 'delivered') return { ...rest, state: 'delivered' }
  if (kind === 'bounced') return { ...rest, state: 'failed', reason: { code: 'provider-rejected', detail: 'bounced' } }
  return isUnknown(leg) ? { ...rest, state: 'sent', ...(at !== undefined && { at }) } : leg
}

function settledBy(record: MessageRecord, progress: Progress, engine: OpenEngine, options: EngineOptions): Settled | undefined {
  const definition = options.definitions.get(record.type)
  if (definition === undefined) return undefined
  const now = engine.storeClock.now()
  const next = advance(routeOf({ definition, progress }), progress, { now, pick: anyLeft })
  const text = JSON.stringify(progress)
  switch (next.kind) {
    case 'held':
      return undefined
    case 'open': {
      const code = next.waits === 'receipt' ? 'awaiting-receipt' : 'retry-later'
      return { state: 'waiting', due: next.due, reason: { code }, progress: text }
    }
    case 'failed':
      return { state: 'done', outcome: 'rejected', reason: { code: 'provider-rejected', detail: 'bounced' } }
    default:
      return { state: 'done', outcome: next.kind }
  }
}

/** Which one is for the next step to say; here it counts only that there is one. */
function anyLeft({ legs }: SplitNode, _place: string, failed: ReadonlySet<string>): string | undefined {
  return legs.find(({ channel }) => !failed.has(channel))?.channel
}

async function apply(record: MessageRecord, to: Settled, engine: OpenEngine): Promise<boolean> {
  const { id, step, lane, state } = record
  const ended = to.state === 'done' ? [{ step, kind: 'done', outcome: to.outcome } as const] : []
  const change: Change = { id, step, from: [state], to, events: ended, entry: { id: engine.context.nextId(), lane, weight: 1 } }
  const [answer] = await engine.ledger.change([change])
  if (answer?.status !== 'changed') return answer?.status === 'absent'
  engine.push(answer.envelopes)
  engine.waits.ended(id, to)
  return true
}

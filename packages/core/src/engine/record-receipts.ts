import { advance } from '../route/advance.js'
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
  const ids = await matchReceipts(receipts, engine)
  const matched = receipts.flatMap((receipt, index) => ({ receipt, id: ids[index] })).filter(hasId)
  const records = await engine.ledger.get(matched.map(({ id }) => id))
  await engine.ledger.note(matched.map(({ id, receipt }, index) => ({ id, events: [eventOf(receipt, records[index])] })))
  for (const [index, { receipt }] of matched.entries()) {
    const record = records[index]
    if (record !== undefined) await moveOn(record, receipt, engine, options)
  }
  const known = records.filter((record) => record !== undefined).length
  return { recorded: known, unmatched: receipts.length - known }
}

function hasId(match: { receipt: Receipt; id: string | undefined }): match is { receipt: Receipt; id: string } {
  return match.id !== undefined
}

async function matchReceipts(receipts: readonly Receipt[], { history }: OpenEngine): Promise<readonly (string | undefined)[]> {
  return Promise.all(receipts.map((receipt) => matchReceipt(receipt, history)))
}

async function matchReceipt(receipt: Receipt, history: OpenEngine['history']): Promise<string | undefined> {
  if (receipt.messageId !== undefined) return receipt.messageId
  if (receipt.providerId === undefined) {
    throw new ReachError('REACH_OPTION_INVALID', 'a receipt needs a messageId or a providerId')
  }
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

/** Moves a message that waits for a receipt, or is held. A message that has moved on meanwhile stays as it is. */
async function moveOn(record: MessageRecord, receipt: Receipt, engine: OpenEngine, options: EngineOptions): Promise<void> {
  const asks = record.state === 'held' || (record.state === 'waiting' && record.progress !== undefined)
  const definition = options.definitions.get(record.type)
  if (!asks || definition === undefined) return
  const before = parseProgress(record.progress)
  const channel = receipt.channel ?? channelAsking(before)
  const leg = channel === undefined ? undefined : before.legs[channel]
  if (channel === undefined || leg === undefined) return
  const progress = withLeg(before, channel, legAfterReceipt(leg, receipt))
  const to = settledBy(record, progress, engine, options)
  if (to === undefined) return
  await apply(record, to, engine)
}

/** The channel that a receipt without one can only mean: the one nobody knows of, or the one sent last. */
function channelAsking({ legs }: Progress): string | undefined {
  const entries = Object.entries(legs)
  const open = entries.filter(([, { state }]) => state === 'unknown')
  const sent = entries.filter(([, { state }]) => state === 'sent' || state === 'delivered')
  return (open.length > 0 ? open : sent).toSorted(([, a], [, b]) => (b.at ?? 0) - (a.at ?? 0))[0]?.[0]
}

function legAfterReceipt(leg: LegProgress, { kind, at }: Receipt): LegProgress {
  if (kind === 'bounced') return { ...leg, state: 'failed', reason: { code: 'provider-rejected', detail: 'bounced' } }
  if (leg.state === 'read') return leg
  if (read.has(kind)) return { ...leg, state: 'read' }
  if (kind === 'delivered') return { ...leg, state: 'delivered' }
  return leg.state === 'unknown' ? { ...leg, state: 'sent', ...(at !== undefined && { at }) } : leg
}

function settledBy(record: MessageRecord, progress: Progress, engine: OpenEngine, options: EngineOptions): Settled | undefined {
  const definition = options.definitions.get(record.type)
  if (definition === undefined) return undefined
  const now = engine.storeClock.now()
  const next = advance(routeOf({ definition, progress }), progress, { now, pick: () => undefined })
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

async function apply(record: MessageRecord, to: Settled, engine: OpenEngine): Promise<void> {
  const { id, step, lane, state } = record
  const ended = to.state === 'done' ? [{ step, kind: 'done', outcome: to.outcome } as const] : []
  const change: Change = { id, step, from: [state], to, events: ended, entry: { id: engine.context.nextId(), lane, weight: 1 } }
  const [answer] = await engine.ledger.change([change])
  if (answer?.status !== 'changed') return
  engine.push(answer.envelopes)
  engine.waits.ended(id, to)
}

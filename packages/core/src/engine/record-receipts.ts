import type { Evidence } from '../dispatch/evidence.js'
import { afterReceipt, channelAsking } from '../route/after-receipt.js'
import { ReachError } from '../spec/index.js'
import type { HistoryEvent, MessageRecord, Receipt, ReceiptKind } from '../spec/index.js'
import type { OpenEngine } from './open-engine.js'

export interface ReceiptsRecorded {
  readonly recorded: number
  readonly unmatched: number
}

/**
 * Takes what providers said later. A receipt is kept in history whatever the state; one that answers a question (was it
 * sent? was it delivered in time?) also moves the message on, once its attempt has landed.
 */
export async function recordReceipts(receipts: readonly Receipt[], engine: OpenEngine): Promise<ReceiptsRecorded> {
  for (const receipt of receipts) assertMatchable(receipt)
  const ids = await matchReceipts(receipts, engine)
  const matched = receipts.flatMap((receipt, index) => ({ receipt, id: ids[index] })).filter(hasId)
  const records = await engine.ledger.get(matched.map(({ id }) => id))
  await engine.ledger.note(
    matched.map(({ id, receipt }, index) => ({ id, events: [eventOf(receipt, records[index])] })),
  )
  const known = matched.filter((_match, index) => records[index] !== undefined)
  await engine.context.evidence.bring(evidenceOf(known))
  return { recorded: known.length, unmatched: receipts.length - known.length }
}

interface Match {
  readonly receipt: Receipt
  readonly id: string
}

function hasId(match: { receipt: Receipt; id: string | undefined }): match is Match {
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

function evidenceOf(matches: readonly Match[]): Map<string, readonly Evidence[]> {
  const evidence = new Map<string, readonly Evidence[]>()
  for (const { id, receipt } of matches) evidence.set(id, [...(evidence.get(id) ?? []), receiptEvidence(receipt)])
  return evidence
}

/** History knows the receipt already: it has nothing more to tell. */
function receiptEvidence(receipt: Receipt): Evidence {
  // One receipt is about one channel: asked again, it means the same one.
  let { channel } = receipt
  return {
    apply: (progress, now) => {
      channel ??= channelAsking(progress, receipt)
      return afterReceipt(progress, receipt, channel, now)
    },
    events: () => [],
  }
}

import { evidencePage } from '../dispatch/evidence.js'
import type { Evidence } from '../dispatch/evidence.js'
import { afterReceipt, channelAsking } from '../route/after-receipt.js'
import { ReachError } from '../spec/index.js'
import type { HistoryEvent, MessageRecord, Receipt, ReceiptKind } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import type { Yielder } from '../yielding/index.js'
import type { OpenEngine } from './engine.js'

export interface ReceiptsRecorded {
  readonly recorded: number
  readonly unmatched: number
}

/**
 * Takes what providers said later, a page at a time. A receipt is kept in history whatever the state; one that answers a
 * question (was it sent? was it delivered in time?) also moves the message on, once its attempt has landed.
 */
export async function recordReceipts(receipts: readonly Receipt[], engine: OpenEngine): Promise<ReceiptsRecorded> {
  const yielder = createYielder(engine.context.clock)
  for (const receipt of receipts) {
    if (yielder.shouldYield()) await yielder.yieldTurn()
    assertMatchable(receipt)
  }
  const evidence = new Map<string, Evidence[]>()
  let recorded = 0
  try {
    for (let start = 0; start < receipts.length; start += evidencePage) {
      const known = await recordPage(receipts.slice(start, start + evidencePage), engine, yielder)
      addEvidence(evidence, known)
      recorded += known.length
      await yielder.handOver()
    }
  } catch (error) {
    // What is in history counts, whether or not the caller brings it all again.
    engine.context.evidence.follow(evidence)
    throw error
  }
  await engine.context.evidence.bring(evidence)
  return { recorded, unmatched: receipts.length - recorded }
}

/** Puts receipts into history; answers those whose message is known. */
async function recordPage(receipts: readonly Receipt[], engine: OpenEngine, yielder: Yielder): Promise<Match[]> {
  const { history, ledger } = engine
  const ids = await matchReceipts(receipts, history)
  const matched = receipts.flatMap((receipt, index) => ({ receipt, id: ids[index] })).filter(hasId)
  await yielder.handOver()
  const records = await ledger.get(matched.map(({ id }) => id))
  const notes: { readonly id: string; readonly events: readonly HistoryEvent[] }[] = []
  for (const [index, { id, receipt }] of matched.entries()) {
    if (yielder.shouldYield()) await yielder.yieldTurn()
    notes.push({ id, events: [eventOf(receipt, records[index])] })
  }
  await yielder.handOver()
  await ledger.note(notes)
  return matched.filter((_match, index) => records[index] !== undefined)
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

/** The message of each: the one it names, or the one its provider knows. */
async function matchReceipts(
  receipts: readonly Receipt[],
  history: OpenEngine['history'],
): Promise<readonly (string | undefined)[]> {
  const ids = receipts.map(({ messageId }) => messageId)
  const asked = new Map<string | undefined, { readonly index: number; readonly providerId: string }[]>()
  for (const [index, { messageId, provider, providerId }] of receipts.entries()) {
    if (messageId !== undefined || providerId === undefined) continue
    const others = asked.get(provider)
    if (others === undefined) asked.set(provider, [{ index, providerId }])
    else others.push({ index, providerId })
  }
  const find = async (provider: string | undefined, wanted: readonly { index: number; providerId: string }[]) => {
    const providerIds = wanted.map(({ providerId }) => providerId)
    const found = await history.find(provider, providerIds)
    for (const [at, { index }] of wanted.entries()) ids[index] = found[at]
  }
  await Promise.all([...asked].map(([provider, wanted]) => find(provider, wanted)))
  return ids
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

function addEvidence(evidence: Map<string, Evidence[]>, matches: readonly Match[]): void {
  for (const { id, receipt } of matches) {
    const others = evidence.get(id)
    if (others === undefined) evidence.set(id, [receiptEvidence(receipt)])
    else others.push(receiptEvidence(receipt))
  }
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

import type { HistoryEvent, HistoryFilter, HistoryPage, Ledger, NewParcel, Settled } from '@reachkit/core/spec'
import { isReachError } from '@reachkit/core/spec'
import { eventually } from '../eventually.js'
import { longLeaseMs, newMessage, newParcel, sent } from '../ledger/parcels.js'
import { accept, sending } from '../ledger/work.js'
import type { HistorySubject } from '../subject.js'

/** "Within a second", and what a busy machine adds. */
const fedWithinMs = 2_000

/** Waits until history was fed. */
export async function fed(subject: HistorySubject, assertion: () => Promise<void>): Promise<void> {
  await eventually(subject, fedWithinMs, assertion)
}

export const sentEvent: HistoryEvent = {
  step: 0,
  kind: 'sent',
  channel: 'email',
  provider: 'ses',
  providerId: 'ses-1',
  attempt: 1,
}
export const doneEvent: HistoryEvent = { step: 0, kind: 'done', outcome: 'sent' }

/** Accepts and sends a parcel; every message of it ends in the same way. */
export async function settled(
  ledger: Ledger,
  parcel: NewParcel,
  events: readonly HistoryEvent[],
  to: Settled = sent,
): Promise<void> {
  const worker = await sending(ledger, parcel, longLeaseMs)
  const results = parcel.messages.map((_, position) => ({ position, step: 0, to, events }))
  await worker.settle(results, { finish: true })
}

/** Three messages, accepted one after another: one sent, one rejected by text message, one that waits. */
export async function threeMessages({ ledger, advance, timing }: HistorySubject): Promise<void> {
  const a = newMessage({ recipient: 'ann', labels: { category: 'orders', group: 'g-1' } })
  await settled(ledger, newParcel('a', [a]), [sentEvent, doneEvent])
  await advance(timing.shortMs)
  const b = newMessage({ recipient: 'bob', type: 'otp', lane: 'P0', labels: { category: 'security' } })
  const rejected: HistoryEvent = {
    step: 0,
    kind: 'rejected',
    channel: 'sms',
    provider: 'sns',
    reason: 'provider-rejected',
  }
  await settled(ledger, newParcel('b', [b], { tenant: 'other' }), [rejected], {
    state: 'done',
    outcome: 'rejected',
    reason: { code: 'provider-rejected' },
  })
  await advance(timing.shortMs)
  await accept(ledger, newParcel('c', [newMessage({ recipient: 'ann' })]))
}

/** The ids that a filter finds, newest first; undefined where the history refuses it with its code. */
export async function idsOf(
  { history }: HistorySubject,
  filter: HistoryFilter,
): Promise<readonly string[] | undefined> {
  const page = await answered(history.list(filter, { limit: 100 }))
  return page?.rows.map(({ id }) => id)
}

export async function answered<T = HistoryPage>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isReachError(error, 'REACH_QUERY_UNSUPPORTED')) return undefined
    throw error
  }
}

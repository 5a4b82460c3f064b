import type { Receipt, ReceiptKind } from '../spec/index.js'
import { isUnknown, withLeg } from './progress.js'
import type { LegProgress, Progress } from './progress.js'

const read: ReadonlySet<ReceiptKind> = new Set(['opened', 'clicked', 'read'])

/** What a receipt makes of the channel that it is about; the same object where it tells nothing new. */
export function afterReceipt(progress: Progress, receipt: Receipt, channel: string | undefined, now: number): Progress {
  const leg = channel === undefined ? undefined : progress.legs[channel]
  if (channel === undefined || leg === undefined) return progress
  const after = legAfterReceipt(leg, receipt, now)
  return after === leg ? progress : withLeg(progress, channel, after)
}

/** The channel that a receipt without one can only mean: the one nobody knows of, or the one sent last. */
export function channelAsking({ legs }: Progress, { provider }: Receipt): string | undefined {
  const entries = Object.entries(legs).filter(([, leg]) => provider === undefined || leg.provider === provider)
  const open = entries.filter(([, leg]) => isUnknown(leg))
  const sent = entries.filter(([, { state }]) => state === 'sent' || state === 'delivered')
  return (open.length > 0 ? open : sent).toSorted(([, a], [, b]) => (b.at ?? 0) - (a.at ?? 0))[0]?.[0]
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

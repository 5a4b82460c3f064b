import { messageId } from '../spec/index.js'
import type { Cargo, ClaimGranted, MessageRecord } from '../spec/index.js'
import { parseProgress } from '../route/progress.js'
import type { LegProgress } from '../route/progress.js'
import type { DispatchContext } from './dispatch-context.js'
import { isUnknownReason } from './outcome.js'
import { reservationOf, unbegunLimit } from './takeover.js'

/**
 * Ends the reservations of the leases that ran out, by what the ledger knows: sent is confirmed, certainly not sent is
 * released, what is being resolved stays. Slices after the last begun one were never begun: all of theirs is released.
 * False where something could not be ended: it is to be asked for again.
 */
export async function resolveReservations(
  { entry, before }: ClaimGranted,
  { parcel, positions, steps }: Extract<Cargo, { kind: 'messages' }>,
  context: DispatchContext,
): Promise<boolean> {
  if (!context.gates.consumes) return true
  const ids = positions.map((position) => messageId(parcel, position))
  const records = await context.ledger.get(ids)
  const ends = records.flatMap((record, index) => (record === undefined ? [] : endsOf(record, steps[index], context)))
  const confirm = ends.flatMap((end) => (end.counts ? end.id : []))
  const release = ends.flatMap((end) => (end.counts ? [] : end.id))
  for (const { token, slices } of before) {
    for (let slice = 0; slice < slices + unbegunLimit; slice += 1) {
      const wasBegun = slice < slices
      const [spent, givenBack] = wasBegun ? [confirm, release] : [[], undefined]
      if (!(await context.gates.end(reservationOf(entry, token, slice), spent, givenBack))) return false
    }
  }
  return true
}

interface DeliveryEnd {
  readonly id: string
  readonly counts: boolean
}

/** By channel: what was sent there counts, whatever the message waits for; what may have been stays as it is. */
function endsOf(record: MessageRecord, step: number | undefined, context: DispatchContext): DeliveryEnd[] {
  const { legs } = parseProgress(record.progress)
  const channels = [...(context.definitions.get(record.type)?.content.keys() ?? [])]
  return channels.flatMap((channel) => {
    const leg = legs[channel]
    const again = leg?.state === 'retry' && record.state === 'waiting'
    const known = again ? record.step !== step && countsTwice(channel, leg, context) : counts(record, leg)
    return known === undefined ? [] : [{ id: `${record.id}/${channel}`, counts: known }]
  })
}

/** It may have gone out and is sent again, for which the gates are asked again: one of two counts only where the provider drops a copy. */
function countsTwice(channel: string, { pinned, provider, reason }: LegProgress, context: DispatchContext): boolean {
  if (pinned !== true || !isUnknownReason(reason)) return false
  return context.channels.get(channel)?.provider(provider)?.driver.capabilities.deduplicates !== true
}

/** True where it went out on the channel, false where it certainly did not, undefined where nobody knows. */
function counts({ state, outcome }: MessageRecord, leg: LegProgress | undefined): boolean | undefined {
  if (outcome === 'sent' || outcome === 'partly-sent') return true
  if (leg?.state === 'sent' || leg?.state === 'delivered' || leg?.state === 'read') return true
  if (leg?.state === 'unknown' || leg?.pinned === true) return undefined
  const over = outcome === 'rejected' || outcome === 'expired' || outcome === 'cancelled'
  return state === 'waiting' || over ? false : undefined
}

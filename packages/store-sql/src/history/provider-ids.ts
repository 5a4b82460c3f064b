import { messageId } from '@reachkit/core/spec'
import type { BulkTarget } from '../ledger/bulk.js'
import type { LoggedEvent } from './packed.js'
import { longestName, longestRecipient, storable } from './texts.js'

export const providerIdTarget: BulkTarget<'reach_provider_id'> = {
  table: 'reach_provider_id',
  columns: ['provider_id', 'provider', 'message'],
  keys: 2,
  onKnown: 'replace',
}

/** Each id once, in the order of the key: so that two who write the same ones wait for each other in one order. */
export function providerIdRows(
  told: readonly { readonly parcel: string; readonly events: readonly LoggedEvent[] }[],
): (readonly unknown[])[] {
  const rows = new Map<string, readonly unknown[]>()
  for (const { parcel, events } of told) {
    for (const { position, event } of events) {
      if (event.providerId === undefined) continue
      const provider = storable(event.provider ?? '', longestName)
      const id = storable(event.providerId, longestRecipient)
      rows.set(`${id}\n${provider}`, [id, provider, messageId(parcel, position)])
    }
  }
  return [...rows].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
}

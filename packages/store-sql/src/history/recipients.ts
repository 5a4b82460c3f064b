import type { ParcelBodies } from '../ledger/bodies.js'
import type { BulkTarget } from '../ledger/bulk.js'
import { writeRanges } from '../ledger/ranges.js'
import type { Standing } from '../ledger/standing.js'
import { longestRecipient, storable } from './texts.js'

export const recipientTarget: BulkTarget<'reach_recipient'> = {
  table: 'reach_recipient',
  columns: ['recipient', 'accepted_at', 'parcel', 'positions'],
  keys: 3,
  onKnown: 'pass',
}

/** One row for each recipient of a parcel. It never changes. */
export function recipientRows(standing: Standing, { acceptedAt, bodies }: ParcelBodies): (readonly unknown[])[] {
  const positions = new Map<string, number[]>()
  for (let position = 0; position < bodies.length; position += 1) {
    if (!standing.has(position)) continue
    const recipient = storable(bodies[position]?.recipient ?? '', longestRecipient)
    const known = positions.get(recipient)
    if (known === undefined) positions.set(recipient, [position])
    else known.push(position)
  }
  return [...positions].map(([recipient, at]) => [recipient, acceptedAt, standing.parcel, writeRanges(at)])
}

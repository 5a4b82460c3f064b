import { randomBytes } from 'node:crypto'
import type { BulkTarget } from '../ledger/bulk.js'
import { packEvents } from './packed.js'
import type { LoggedEvent } from './packed.js'

export const logTarget: BulkTarget<'reach_log'> = {
  table: 'reach_log',
  columns: ['parcel', 'id', 'at', 'events'],
  keys: 2,
  onKnown: 'fail',
}

/** Tells this process' rows from those of others. */
const ownTag = randomBytes(6).toString('base64url')
let written = 0

/** Ids sort as rows were written by one process, and by time among processes. */
function logId(now: number): string {
  written += 1
  return `${now.toString(36).padStart(9, '0')}${written.toString(36).padStart(7, '0')}${ownTag}`
}

export function logValues(parcel: string, events: readonly LoggedEvent[], now: number): readonly unknown[] {
  return [parcel, logId(now), now, packEvents(events)]
}

import type { HistoryRow } from '@reachkit/core/spec'
import { messageId } from '@reachkit/core/spec'
import { squeeze, unsqueeze } from '../parcel/body.js'
import { readEvents } from '../parcel/events.js'
import type { StampedEvent } from '../parcel/events.js'
import { recordOf } from '../parcel/record.js'
import type { StoredParcel } from '../parcel/record.js'

type Row = Omit<HistoryRow, 'channels'>

/** What history shows of a parcel, whether that lives or is archived. */
export interface HistoryParcel {
  readonly id: string
  readonly acceptedAt: number
  readonly size: number
  row(position: number): HistoryRow | undefined
  events(position: number): readonly StampedEvent[]
}

export function livingParcel(parcel: StoredParcel, told: readonly Buffer[]): HistoryParcel {
  const { id, marks, body } = parcel
  return historyParcel(id, marks.acceptedAt, body.messages.length, told, (position) => {
    const record = recordOf(parcel, position)
    if (record === undefined) return undefined
    const { tenant, type, recipient, lane, labels, acceptedAt, state, outcome, reason } = record
    return { id: record.id, tenant, type, recipient, lane, labels, acceptedAt, state, outcome, reason: reason?.code }
  })
}

function historyParcel(
  id: string,
  acceptedAt: number,
  size: number,
  told: readonly Buffer[],
  rowOf: (position: number) => Row | undefined,
): HistoryParcel {
  let read: Map<number, StampedEvent[]> | undefined
  const events = (position: number): readonly StampedEvent[] => {
    if (read === undefined) {
      read = new Map()
      for (const one of told) readEvents(one, read)
    }
    return read.get(position) ?? []
  }
  return {
    id,
    acceptedAt,
    size,
    events,
    row(position) {
      const row = rowOf(position)
      if (row === undefined) return undefined
      const channels = events(position).flatMap(({ channel }) => (channel === undefined ? [] : [channel]))
      return { ...row, channels: [...new Set(channels)] }
    },
  }
}

type Kept = readonly [type: number, recipient: string, outcome: string | 0, reason: string | 0]

interface Archive {
  readonly a: number
  readonly t: string
  /** Type, lane and labels, said once for all that have them. */
  readonly k: readonly string[]
  readonly r: readonly (Kept | 0)[]
  /** What was told, as it was kept. */
  readonly e: readonly string[]
}

/** What is kept of a parcel when its retention is over: no data and no addresses. */
export function encodeArchive(parcel: StoredParcel, told: readonly Buffer[]): Buffer {
  const kinds: string[] = []
  const rows = parcel.body.messages.map((_, position): Kept | 0 => {
    const record = recordOf(parcel, position)
    if (record === undefined) return 0
    const kind = JSON.stringify([record.type, record.lane, record.labels])
    const known = kinds.indexOf(kind)
    const index = known < 0 ? kinds.push(kind) - 1 : known
    return [index, record.recipient, record.outcome ?? 0, record.reason?.code ?? 0]
  })
  const { acceptedAt, tenant } = parcel.marks
  const archive: Archive = { a: acceptedAt, t: tenant, k: kinds, r: rows, e: told.map((one) => one.toString('base64')) }
  return squeeze(Buffer.from(JSON.stringify(archive), 'utf8'))
}

export function archivedParcel(id: string, stored: Buffer): HistoryParcel {
  const { a, t, k, r, e } = JSON.parse(unsqueeze(stored).toString('utf8')) as Archive
  const kinds = k.map((text) => JSON.parse(text) as [string, HistoryRow['lane'], HistoryRow['labels']])
  const told = e.map((text) => Buffer.from(text, 'base64'))
  return historyParcel(id, a, r.length, told, (position) => {
    const row = r[position]
    if (row === undefined || row === 0) return undefined
    const [kind, recipient, outcome, reason] = row
    const [type, lane, labels] = kinds[kind] ?? ['', 'P2', {}]
    const known = outcome === 0 ? undefined : (outcome as NonNullable<HistoryRow['outcome']>)
    return {
      id: messageId(id, position),
      tenant: t,
      type,
      recipient,
      lane,
      labels,
      acceptedAt: a,
      state: 'done',
      outcome: known,
      reason: reason === 0 ? undefined : reason,
    }
  })
}

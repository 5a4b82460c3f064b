import type { ClaimedMessage, MessageRecord } from '@reachkit/core/spec'
import { messageId } from '@reachkit/core/spec'
import type { ParcelBody } from './body.js'
import { markOf } from './marks.js'
import type { ParcelMarks } from './marks.js'
import type { Notes } from './notes.js'

/** A parcel as it was read at one instant. */
export interface StoredParcel {
  readonly id: string
  readonly body: ParcelBody
  readonly marks: ParcelMarks
  readonly notes: Notes
}

/** Undefined where there is no such position, or its message was a duplicate. */
export function recordOf({ id, body, marks, notes }: StoredParcel, position: number): MessageRecord | undefined {
  const mark = markOf(marks.letters[position] ?? '')
  const message = body.messages[position]
  if (mark === undefined || message === undefined) return undefined
  const note = mark.noted ? notes.byPosition.get(position) : undefined
  const duplicate = note === undefined && mark.outcome === 'merged' ? notes.firsts.get(position) : undefined
  const due = note?.due ?? marks.due
  const expires = note?.expires ?? marks.expires
  const { type, version, recipient, inline, lane, labels, sandbox } = message
  return {
    id: messageId(id, position),
    tenant: marks.tenant,
    type,
    version,
    recipient,
    inline,
    data: notes.data.get(position) ?? message.data,
    lane,
    labels,
    sandbox,
    run: body.run,
    acceptedAt: marks.acceptedAt,
    expires: expires === 0 ? undefined : expires,
    state: mark.state,
    step: note?.step ?? 0,
    due: due === 0 ? marks.acceptedAt : due,
    outcome: mark.outcome,
    reason: note?.reason ?? (duplicate === undefined ? undefined : { code: 'duplicate' }),
    progress: note?.progress,
    into: note?.into ?? duplicate,
  }
}

/** What was about to be attempted, by position, and in which slice. */
export type Attempts = ReadonlyMap<number, { readonly attempting: string; readonly slice: number }>

export function claimedOf(parcel: StoredParcel, position: number, attempts: Attempts): ClaimedMessage | undefined {
  const record = recordOf(parcel, position)
  if (record === undefined) return undefined
  const attempt = record.state === 'sending' ? attempts.get(position) : undefined
  const value = parcel.notes.data.has(position) ? undefined : parcel.body.messages[position]?.value
  const more = { position, attempting: attempt?.attempting, slice: attempt?.slice }
  return Object.assign(record, more, value === undefined ? undefined : { value })
}

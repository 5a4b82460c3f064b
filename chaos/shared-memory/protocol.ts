import type { ClaimedMessage, MessageRecord, NewMessage, NewParcel } from '@reachkit/core/spec'

export type Part = 'ledger' | 'state' | 'history' | 'pool' | 'outbox'

/** One call of a part of the store, as a line of JSON. Without a method: the call of that number is given up. */
export interface Call {
  readonly n: number
  readonly part?: Part
  readonly method?: string
  readonly given?: readonly unknown[]
}

export interface Answer {
  readonly n: number
  readonly value?: unknown
  readonly error?: { readonly code?: string; readonly text: string }
}

/** A record as JSON: a store may keep its fields elsewhere than on the object. */
export function plainRecord(record: MessageRecord | undefined): MessageRecord | undefined {
  if (record === undefined) return undefined
  const { id, tenant, type, version, recipient, inline, data, lane, labels, sandbox, acceptedAt, expires } = record
  const { run, state, step, due, outcome, reason, progress, into } = record
  const told = { id, tenant, type, version, recipient, inline, data, lane, labels, sandbox, acceptedAt, expires }
  return { ...told, run, state, step, due, outcome, reason, progress, into }
}

export function plainClaimed(message: ClaimedMessage): object {
  const { position, attempting, slice } = message
  return { ...plainRecord(message), position, attempting, slice }
}

export function plainParcel(parcel: NewParcel): NewParcel {
  return { ...parcel, messages: parcel.messages.map(plainMessage) }
}

function plainMessage(message: NewMessage): NewMessage {
  const { type, version, recipient, inline, data, lane, labels, sandbox, expires, digest } = message
  return { type, version, recipient, inline, data, lane, labels, sandbox, expires, digest }
}

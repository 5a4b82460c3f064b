import type { Reason } from './reasons.js'

/** P0 urgent (OTP, outages), P1 high, P2 normal, P3 bulk. */
export const lanes = ['P0', 'P1', 'P2', 'P3'] as const
export type Lane = (typeof lanes)[number]

export type Purpose = 'marketing' | 'transactional' | 'care'

export type MessageState = 'waiting' | 'sending' | 'done' | 'held'

export type MessageOutcome =
  | 'sent'
  | 'partly-sent'
  | 'rejected'
  | 'expired'
  | 'cancelled'
  | 'merged'
  | 'parked'
  | 'unresolved'

/** What history groups and filters by. Told once at accept, never changed. */
export interface MessageLabels {
  readonly category?: string
  readonly group?: string
  readonly module?: string
  readonly line?: string
  /** The trigger that made it. */
  readonly trigger?: string
}

/**
 * One message as the ledger knows it. `progress` is core's own note (which channels were tried, with what result):
 * a store keeps and returns it as it is, and drops it when the message is done.
 */
export interface MessageRecord {
  readonly id: string
  readonly tenant: string
  readonly type: string
  readonly version: number
  /** Its id; for one given inline without an id, `~` and a digest of the addresses. */
  readonly recipient: string
  /** JSON text of a recipient given inline. */
  readonly inline: string | undefined
  /** JSON text of the parsed data. */
  readonly data: string
  readonly lane: Lane
  readonly labels: MessageLabels
  readonly sandbox: boolean
  /** The run of a task that it is a message of. */
  readonly run: string | undefined
  readonly acceptedAt: number
  readonly expires: number | undefined
  readonly state: MessageState
  readonly step: number
  readonly due: number
  readonly outcome: MessageOutcome | undefined
  readonly reason: Reason | undefined
  readonly progress: string | undefined
  /** The message that took its place: the first of a key, or the digest it was merged into. */
  readonly into: string | undefined
}

/** The id of a message names its parcel and position, so no store needs an index of ids. */
export function messageId(parcel: string, position: number): string {
  return `${parcel}.${position}`
}

/** The parcel and position of a message id, or undefined where the text is not one. */
export function parseMessageId(id: string): { readonly parcel: string; readonly position: number } | undefined {
  const dot = id.lastIndexOf('.')
  const position = Number(id.slice(dot + 1))
  if (dot < 1 || dot === id.length - 1 || !Number.isSafeInteger(position) || position < 0) return undefined
  return { parcel: id.slice(0, dot), position }
}

import type {
  HistoryFilter,
  HistoryRow,
  Lane,
  MessageLabels,
  MessageOutcome,
  MessageState,
  Reason,
  TimelineEntry,
} from '../spec/index.js'

/** One message as it stands now. */
export interface MessageView {
  readonly id: string
  readonly tenant: string
  readonly type: string
  /** An id, or the recipient that was given inline. */
  readonly recipient: string | Readonly<Record<string, unknown>>
  readonly data: unknown
  readonly priority: Lane
  readonly labels: MessageLabels
  readonly sandbox: boolean
  readonly state: MessageState
  /** Raised by every retry, deferral, reroute, reschedule and resend. */
  readonly step: number
  readonly acceptedAt: Date
  readonly due: Date
  readonly expires: Date | undefined
  readonly outcome: MessageOutcome | undefined
  readonly reason: Reason | undefined
  /** The message that took its place. */
  readonly into: string | undefined
}

/** Every field given must fit; `from` is included, `to` not. */
export interface MessageFilter extends Omit<HistoryFilter, 'from' | 'to' | 'lane'> {
  readonly priority?: Lane
  readonly from?: Date
  readonly to?: Date
}

export interface PageRequest {
  /** 50 unless told, at most 500. */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

export interface MessageRow extends Omit<HistoryRow, 'acceptedAt' | 'lane'> {
  readonly priority: Lane
  readonly acceptedAt: Date
}

/** Newest first. */
export interface MessagePage {
  readonly rows: readonly MessageRow[]
  /** Given back as `after` for the next page; undefined at the end. */
  readonly next: string | undefined
}

/** Whose timeline: a message's id, several of them (at most 500), or everything of one recipient. */
export type TimelineOf =
  | string
  | readonly string[]
  | { readonly recipient: string; readonly tenant?: string; readonly limit?: number }

export interface TimelineEvent extends Omit<TimelineEntry, 'at'> {
  readonly at: Date
}

import type { Cost } from './driver.js'
import type { Lane, MessageLabels, MessageOutcome, MessageState } from './message.js'

export type HistoryKind =
  | 'accepted'
  | 'sent'
  | 'rejected'
  | 'retry'
  | 'unknown'
  | 'deferred'
  | 'rerouted'
  | 'held'
  | 'done'
  | 'changed'
  | 'delivered'
  | 'opened'
  | 'clicked'
  | 'read'
  | 'bounced'
  | 'complained'
  | 'recalled'

/** One thing that happened to a message. Known by message, step, kind and channel: told twice, it is kept once. */
export interface HistoryEvent {
  readonly step: number
  readonly kind: HistoryKind
  readonly at?: number
  readonly channel?: string
  readonly provider?: string
  readonly providerId?: string
  readonly attempt?: number
  readonly reason?: string
  readonly detail?: string
  readonly outcome?: MessageOutcome
  /** Of `sent`: what the delivery was charged, or else what was expected of it. */
  readonly cost?: Cost
}

export interface TimelineEntry extends HistoryEvent {
  readonly id: string
  readonly at: number
}

export interface HistoryRow {
  readonly id: string
  readonly tenant: string
  readonly type: string
  readonly recipient: string
  readonly lane: Lane
  readonly labels: MessageLabels
  readonly acceptedAt: number
  readonly state: MessageState
  readonly outcome: MessageOutcome | undefined
  readonly reason: string | undefined
  readonly channels: readonly string[]
}

/** Every field given must fit. Instants are milliseconds since the epoch, `from` included, `to` not. */
export interface HistoryFilter {
  readonly tenant?: string
  readonly ids?: readonly string[]
  readonly recipient?: string
  readonly type?: string
  readonly category?: string
  readonly group?: string
  readonly module?: string
  readonly line?: string
  readonly lane?: Lane
  readonly channel?: string
  readonly state?: MessageState
  readonly outcome?: MessageOutcome
  readonly from?: number
  readonly to?: number
}

export interface HistoryPage {
  readonly rows: readonly HistoryRow[]
  /** Given back as `after` for the next page; undefined at the end. */
  readonly next: string | undefined
}

/**
 * What lists, timelines and counts are answered from. The store feeds it from what the ledger accepts and settles, at
 * least once and within a second; it is no truth, and may forget what is past its retention.
 * A filter that it cannot answer is refused with REACH_QUERY_UNSUPPORTED.
 */
export interface History {
  readonly specVersion: 1
  /** Newest first. */
  list(filter: HistoryFilter, page: { readonly limit: number; readonly after?: string }): Promise<HistoryPage>
  /** Oldest first. */
  timeline(ids: readonly string[]): Promise<readonly TimelineEntry[]>
  timelineOf(recipient: string, tenant: string, limit: number): Promise<readonly TimelineEntry[]>
  count(
    filter: HistoryFilter,
    by: 'type' | 'channel' | 'outcome' | 'state' | 'lane',
  ): Promise<Readonly<Record<string, number>>>
  /**
   * How many messages each recipient was sent since an instant, of one type or of any: accepted at that instant or later,
   * with the outcome sent or partly sent. One answer each. At most 500 recipients. Left out by a store that cannot tell.
   */
  received?(
    filter: { readonly tenant: string; readonly type?: string; readonly since: number },
    recipients: readonly string[],
  ): Promise<readonly number[]>
  /** The messages that a provider knows under these ids of its own; one answer each, in order. */
  find(provider: string | undefined, providerIds: readonly string[]): Promise<readonly (string | undefined)[]>
}

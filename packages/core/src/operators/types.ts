import type { Duration } from '../duration/index.js'
import type { MessageFilter } from '../reach/message-views.js'
import type { Lane } from '../spec/index.js'

/** What a person found out about a held message: it went out, it certainly did not, or nobody will ever know. */
export type Resolution = 'sent' | 'not-sent' | 'give-up'

/** Which held messages: every field given must fit. */
export type HeldFilter = Omit<MessageFilter, 'state' | 'outcome'>

/** Which messages to redrive: those that were parked, unless `outcome` names those that were rejected or have expired. */
export interface RedriveFilter extends HeldFilter {
  readonly outcome?: 'parked' | 'rejected' | 'expired'
}

/** Who changes messages and why: told to their history, and nowhere else. */
export interface OperatorNote {
  readonly by?: string | undefined
  readonly why?: string | undefined
}

export interface ResolveOptions extends OperatorNote {
  /** Messages changed by one call at most, newest first; 1,000 unless told. */
  readonly limit?: number | undefined
}

export interface RedriveOptions extends ResolveOptions {
  /** A new time to live, from now on. Without it, a message whose time is over is passed over. */
  readonly ttl?: Duration | undefined
}

export interface OperatorResult {
  readonly changed: number
  /** Those that fit the filter and had moved on, or whose time to live is over. */
  readonly skipped: number
  /** There are others: call again. */
  readonly more: boolean
}

/** What waits in one lane for one tenant, in envelopes: up to 500 messages each, that were accepted together. */
export interface LaneStats {
  readonly priority: Lane
  readonly tenant: string
  readonly waiting: number
  /** In the hands of a worker. */
  readonly leased: number
  /** How long the oldest that waits has been due, in milliseconds; 0 where it is due later, undefined where none waits. */
  readonly oldestMs: number | undefined
}

export interface ReachStats {
  readonly lanes: readonly LaneStats[]
  /** Envelopes that this process works on. */
  readonly inFlight: number
  /** Envelopes that this process took over from dead ones since it started. */
  readonly takeovers: number
  /** What waits on this machine for the store to come back, in the files of this process; undefined without a spool. */
  readonly spooled: { readonly messages: number; readonly bytes: number } | undefined
  /** Committed rows that are not relayed; undefined without an outbox, or with one that does not count. */
  readonly outbox: { readonly waiting: number; readonly oldest: Date | undefined } | undefined
}

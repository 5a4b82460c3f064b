import type { Book, History, Ledger, Pool, State, StoreParts } from '@reachkit/core/spec'

/** Lengths of time that a subject was opened with, in milliseconds. Where time is real they are short. */
export interface StoreTiming {
  /** What cases let pass for leases, due times, ttls and windows: 1,000 fits most; where time is real, not below 300. */
  readonly shortMs: number
  /** The dedupe window (`dedupeFor`). */
  readonly dedupeMs: number
  /** How long a message that is done is kept; at least five times `shortMs`. */
  readonly retentionMs: number
  /** After which time a sweep pushes an entry for the first time. */
  readonly pushAgainMs: number
}

/** What every suite needs of a subject besides the part that it proves. */
export interface TimedSubject {
  /** The store's clock. */
  readonly now: () => Promise<number>
  /** Lets at least so much time pass: a virtual clock jumps, a server is waited for (see `waitingAdvance`). */
  readonly advance: (ms: number) => Promise<void>
  /** Ends what was opened for this one case. */
  close(): Promise<void>
}

/** `peer` is the same store through another connection, as another process has it; left out where there is none. */
export interface LedgerSubject extends TimedSubject {
  readonly ledger: Ledger
  readonly state: State
  readonly timing: StoreTiming
  readonly peer?: { readonly ledger: Ledger }
}

export interface HistorySubject extends LedgerSubject {
  readonly history: History
}

/** Events and lists need nothing but the book; what recipients were sent is told by the history, fed through the ledger. */
export interface BookSubject extends HistorySubject {
  readonly book: Book
  readonly peer?: { readonly ledger: Ledger; readonly book: Book }
}

export interface StateSubject extends TimedSubject {
  readonly state: State
  readonly timing: Pick<StoreTiming, 'shortMs'>
  readonly peer?: { readonly state: State }
}

export interface PoolSubject extends TimedSubject {
  readonly pool: Pool
  readonly timing: Pick<StoreTiming, 'shortMs'> & {
    /** How long the pool leases what it handed out. */
    readonly poolLeaseMs: number
    /** The longest that a push, a due time or a lease that ran out takes to be noticed, in milliseconds. */
    readonly noticeMs: number
  }
  readonly peer?: { readonly pool: Pool }
}

/** One subject that fits the ledger, history and state suites. */
export interface StoreSubject extends HistorySubject, StateSubject {
  readonly timing: StoreTiming
  readonly peer?: StoreParts
}

import type { MessageOutcome, Reason } from '../spec/index.js'

/**
 * Where a message stands on one channel. `retry` waits for `due`; `sent` and what receipts made of it count as
 * success; `failed` is for good; `unknown` may have gone out.
 */
export interface LegProgress {
  readonly state: 'retry' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown'
  readonly attempts: number
  readonly provider?: string
  /** The next attempt has to go to the same provider: only that one would drop a second copy. */
  readonly pinned?: boolean
  /** Providers that failed since the last full round. */
  readonly tried?: readonly string[]
  /** Of `retry`: not before then. */
  readonly due?: number
  /** Of `sent`: when, for the wait of a `firstOf`. */
  readonly at?: number
  readonly reason?: Reason
  /** Of `unknown`: what gates took for it, which stays taken until somebody knows. */
  readonly reservation?: string
}

/** What core notes of a message between two steps; the ledger keeps it as text. */
export interface Progress {
  readonly legs: Readonly<Record<string, LegProgress>>
  /** The channel that each split chose, by its place in the route. */
  readonly picks?: Readonly<Record<string, string>>
  readonly reroutes?: number
  /** The step at which a person had it sent once more: it has idempotency keys of its own since. */
  readonly resend?: number
  /** A route that a gate put in the place of the type's own: these channels, the first that works. */
  readonly to?: readonly string[]
  /** What gates noted when they deferred the message. */
  readonly notes?: Readonly<Record<string, string>> | undefined
  /** Since when the processes that took it did not know its type. */
  readonly unknownSince?: number | undefined
  /** Of a type with a digest: what it is gathered into. */
  readonly digest?: DigestNote
}

/** Where a message stands that is gathered with others into one. */
export interface DigestNote {
  /** The window of State that those are in with which it is gathered. */
  readonly window: string
  readonly end: number
  /** Those that it stands for, where they were merged into it: fixed before the first one is. Empty where it goes alone. */
  readonly members?: readonly string[]
  /** It is not sent: how it ends, once those that were merged into it are on their own again. */
  readonly ends?: { readonly outcome: MessageOutcome; readonly reason: Reason }
}

export const noProgress: Progress = { legs: {} }

export function parseProgress(text: string | undefined): Progress {
  return text === undefined ? noProgress : (JSON.parse(text) as Progress)
}

export function withLeg(progress: Progress, channel: string, leg: LegProgress): Progress {
  return { ...progress, legs: { ...progress.legs, [channel]: leg } }
}

/** It may have gone out: nobody knows, or it is about to be sent again for that. */
export function isUnknown({ state, pinned }: LegProgress): boolean {
  return state === 'unknown' || pinned === true
}

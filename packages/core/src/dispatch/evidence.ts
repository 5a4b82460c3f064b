import type { Progress } from '../route/progress.js'
import type { Cost, DeliveryOutcome, HistoryEvent } from '../spec/index.js'

/** What is known of one channel of a message that nobody answered for in time: by a receipt, or by a late answer. */
export interface Evidence {
  /** The progress with what is known now; the same object where it tells nothing new. May be asked any number of times. */
  readonly apply: (progress: Progress, now: number) => Progress
  /** What history is told where it counts. */
  readonly events: (now: number) => readonly HistoryEvent[]
}

/** What of a journey evidence may change before it is settled. */
export interface Judged {
  readonly message: { readonly id: string }
  readonly attempts: readonly JudgedAttempt[]
  readonly events: HistoryEvent[]
  progress: Progress
}

export interface JudgedAttempt {
  readonly channel: { readonly name: string }
  outcome: DeliveryOutcome | undefined
}

/** By message. */
export type EvidenceOf = ReadonlyMap<string, readonly Evidence[]>

/** Messages that the ledger is asked about in one go: a batch for a server, and a short stretch for this process. */
export const evidencePage = 250

/** What was charged on a channel, by what history is told of it. */
export function costOf(events: readonly HistoryEvent[], channel: string): Cost | undefined {
  return events.find((event) => event.channel === channel && event.cost !== undefined)?.cost
}

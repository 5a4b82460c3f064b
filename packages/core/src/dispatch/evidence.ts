import type { Progress } from '../route/progress.js'
import type { HistoryEvent } from '../spec/index.js'

/** What is known of one channel of a message that nobody answered for in time: by a receipt, or by a late answer. */
export interface Evidence {
  /** The progress with what is known now; the same object where it tells nothing new. May be asked any number of times. */
  readonly apply: (progress: Progress, now: number) => Progress
  /** What history is told where it counts. */
  readonly events: (now: number) => readonly HistoryEvent[]
}

/** By message. */
export type EvidenceOf = ReadonlyMap<string, readonly Evidence[]>

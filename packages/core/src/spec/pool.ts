import type { Lane } from './message.js'

/** What an envelope carries: messages of one parcel, a firing of a task, or the next page of a run. */
export type Cargo =
  | {
      readonly kind: 'messages'
      readonly parcel: string
      readonly positions: readonly number[]
      /** The step of each position when the envelope was made; a message that has moved on is dropped at claim. */
      readonly steps: readonly number[]
    }
  | { readonly kind: 'firing'; readonly task: string; readonly instant: number; readonly revision: number }
  | { readonly kind: 'run'; readonly run: string }

/** What travels: one pending entry of the ledger, under the same id. One tenant, one lane, one due time. */
export interface Envelope {
  readonly id: string
  /** Raised when its shape changes; a process gives back what is newer than it knows. */
  readonly schema: 1
  readonly tenant: string
  readonly lane: Lane
  /** Milliseconds since the epoch, by the store's clock; 0 is now. */
  readonly due: number
  /** The part of the lane that its share (its tenant) is due, against others that wait. */
  readonly weight: number
  readonly cargo: Cargo
}

export interface PoolConsumer {
  /**
   * Waits until envelopes of this lane are due, and answers 1 to `max` of them; answers none only once the signal is
   * aborted or the pool is closed. What was answered is leased until `ack`, or until the pool's lease runs out.
   */
  next(max: number, signal: AbortSignal): Promise<readonly Envelope[]>
}

export interface PoolDepth {
  readonly lane: Lane
  readonly tenant: string
  readonly waiting: number
  readonly leased: number
  /** Due time of the oldest one that waits, or undefined. */
  readonly oldestDue: number | undefined
}

/**
 * The wake-up: hands due envelopes to workers. The ledger is the truth, so a pool may lose or double anything, and
 * owes only this:
 * - An envelope is not handed out before it is due.
 * - Over any 1,000 envelopes claimed of a lane, each share that waits gets at least half of its weighted part.
 * - A lane never waits for another one.
 * - What is not acked within the lease is handed out again. An ack after that is no error.
 * - A push of an id that is waiting already does not wait twice; a push after its ack is a new one. One of an id that is
 *   leased may be kept or dropped.
 */
export interface Pool {
  readonly specVersion: 1
  push(envelopes: readonly Envelope[]): Promise<void>
  consume(lane: Lane): PoolConsumer
  ack(envelopes: readonly Envelope[]): Promise<void>
  /** Renews the pool's own lease of what is still being worked on; unknown ones are passed over. */
  renew(envelopes: readonly Envelope[]): Promise<void>
  depth(): Promise<readonly PoolDepth[]>
  close(): Promise<void>
}

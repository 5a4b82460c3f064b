import type { MoveReason } from './judge.js'

/** A provider has another part of its weight now, and why: what all processes saw of it in the window. */
export interface HealthEvent {
  /** `errors`, `slow`: it lost some. `well`: it has some back. `probe-failed`: it has none, and waits for its next try. */
  readonly reason: MoveReason
  /** What is left of its weight, before and after: 1 is all of it, 0 none. */
  readonly from: number
  readonly to: number
  /** What the weights of the channel come to now, by provider. */
  readonly weights: Readonly<Record<string, number>>
  readonly attempts: number
  readonly errors: number
  readonly slow: number
  readonly windowMs: number
}

import type { Cost, Reason, Verdict } from '../spec/index.js'

/** One decision on the way of a message, in the order in which they are made. */
export interface Decision {
  /** What decided: a gate's name, or a part of core such as `ttl`, `directory` or `route`. */
  readonly name: string
  /** In the message phase the decision is about the message; in the delivery phase about this channel and provider. */
  readonly phase: 'message' | 'delivery'
  readonly channel?: string
  readonly provider?: string
  readonly verdict: Verdict['kind']
  readonly reason?: Reason
  /** Until when it is put off. */
  readonly until?: Date
  /** Of `content`: what the message will cost at most on this channel, where the driver knows. */
  readonly cost?: Cost
}

/** What would happen to a message now. Nothing was sent, stored or consumed, so a moment later it may be otherwise. */
export interface Explanation {
  readonly verdict: 'send' | 'defer' | 'reject'
  /** The channels that it would go out by now; of a `firstOf`, the first one only. */
  readonly channels: readonly string[]
  readonly reason?: Reason
  readonly until?: Date
  readonly decisions: readonly Decision[]
}

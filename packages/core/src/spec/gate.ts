import type { Cost, DeliveryOutcome } from './driver.js'
import type { Lane, MessageLabels, Purpose } from './message.js'
import type { Reason } from './reasons.js'
import type { Recipient } from './recipient.js'

/**
 * What a gate says of one message. `reroute` without `to` gives up this channel and lets the route go on. The note of
 * a deferral is handed back to the same gate when the message returns: a token that was reserved for it, for one.
 */
export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'defer'; readonly until: number; readonly reason: Reason; readonly note?: string }
  | { readonly kind: 'reject'; readonly reason: Reason }
  | { readonly kind: 'reroute'; readonly to?: readonly string[]; readonly reason: Reason }

export const pass: Verdict = { kind: 'pass' }

/** One message before a gate. `channel`, `provider` and `address` are there in the delivery phase only. */
export interface GateItem {
  /** Names the item in a reservation: the message's id, in the delivery phase with `/` and the channel. */
  readonly id: string
  readonly message: string
  readonly tenant: string
  readonly type: string
  readonly lane: Lane
  readonly purpose: Purpose
  readonly labels: MessageLabels
  readonly recipient: Recipient
  readonly data: unknown
  readonly expires: number | undefined
  readonly acceptedAt: number
  readonly channel?: string
  readonly provider?: string
  readonly address?: unknown
  /** What it will cost, where the driver knows: in `check` the price of one message, in `take` the most for its content. */
  readonly cost?: Cost
  /** What this gate noted when it deferred the message the last time. */
  readonly note?: string
}

export interface GateContext {
  /** The store's clock. */
  readonly now: number
  readonly signal: AbortSignal
}

/** How one attempt ended, for a gate that judges providers: a breaker. */
export interface AttemptReport {
  readonly item: GateItem
  readonly outcome: DeliveryOutcome
  /** From the start of the attempt to its outcome, by elapsed time. */
  readonly tookMs: number
}

/**
 * One policy over a batch.
 * - `check` only reads, answers one verdict an item in the same order, and is all that `explain` calls.
 * - The `message` phase runs once a step; the `delivery` phase runs anew for each channel and provider tried.
 * - A throw defers the batch with a backoff: a gate that is away never lets a message through, nor drops one.
 * - `attempted` is told of the attempts of this process after they were made, at least once unless the process dies; it
 *   decides nothing, and is not waited for. A window over all processes is kept in State.
 */
export interface Gate {
  readonly specVersion: 1
  readonly name: string
  readonly phase: 'message' | 'delivery'
  check(items: readonly GateItem[], context: GateContext): Promise<readonly Verdict[]> | readonly Verdict[]
  attempted?(reports: readonly AttemptReport[]): Promise<void> | void
}

/**
 * A gate that uses something up: a cap, a quota, a budget, a rate limit.
 * - `take` is atomic, comes last before an attempt, and is known by its reservation: one a slice.
 * - `confirm` and `release` name items of that reservation, are idempotent, and come in any order and from any
 *   process: sent is confirmed, certainly not sent is released, held stays taken until it is resolved.
 * - `costs` has what a confirmed item was really charged, where that was told, in the currency of its `cost`. Less than
 *   was taken: the rest is given back. More: it is spent all the same, past any limit, and what follows is refused. Of an
 *   item that is not in it, what was taken counts.
 * - A reservation unknown to the gate is nothing to release: it was never taken.
 */
export interface ConsumingGate extends Gate {
  take(
    items: readonly GateItem[],
    reservation: string,
    context: GateContext,
  ): Promise<readonly Verdict[]> | readonly Verdict[]
  confirm(reservation: string, ids: readonly string[], costs: ReadonlyMap<string, Cost>): Promise<void> | void
  /** Without ids, all that is still taken under the reservation. */
  release(reservation: string, ids?: readonly string[]): Promise<void> | void
}

export function isConsuming(gate: Gate): gate is ConsumingGate {
  return 'take' in gate
}

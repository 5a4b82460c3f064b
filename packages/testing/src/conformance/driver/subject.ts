import type { ChannelDriver, Receipt, State, WebhookRequest } from '@reachkit/core/spec'

/**
 * What a provider can be told to do with the attempts that follow:
 * - `accept`: takes the message.
 * - `refuse`: refuses it for good; `refuse-address`: because the address is dead.
 * - `throttle`: asks for a pause, and takes nothing.
 * - `break-before`: cannot be reached, so that nothing leaves the driver.
 * - `break-after`: the connection breaks once the message has arrived, before an answer.
 * - `hang`: the message arrives, and no answer comes.
 * - `rubbish`: the message arrives, and the answer cannot be understood.
 * - `refuse-inside`: refuses it, and says so only inside an answer that looks like success.
 * - `redirect`: the message arrives, and the answer leads elsewhere on the same machine, where an attempt would be taken.
 * - `trickle`: the message arrives, and an answer begins that comes a byte at a time and does not end.
 * - `flood`: the message arrives, and an answer comes that does not end.
 */
export type CounterpartMode =
  | 'accept'
  | 'refuse'
  | 'refuse-address'
  | 'throttle'
  | 'break-before'
  | 'break-after'
  | 'hang'
  | 'rubbish'
  | 'refuse-inside'
  | 'redirect'
  | 'trickle'
  | 'flood'

/** Modes in which nothing ends an attempt but its signal. */
export const endlessModes: ReadonlySet<CounterpartMode> = new Set(['hang', 'trickle'])

/** The provider's side: a stand-in that the driver's author writes, a server on localhost or a `fetch`. */
export interface Counterpart {
  /** What it can be told. */
  readonly modes: readonly CounterpartMode[]
  tell(mode: CounterpartMode): Promise<void> | void
  /** The idempotency key of each attempt that arrived, undefined where it carried none. */
  keys(): readonly (string | undefined)[]
  /** Connections of the driver that are open now; 0 where it speaks through `fetch`. */
  connections(): number
}

export interface DriverSubject {
  /** Just built: nothing was delivered by it. */
  readonly driver: ChannelDriver
  readonly counterpart: Counterpart
  /** An address and a content as the driver's schemas take them. */
  readonly to: unknown
  readonly content: unknown
  /** An address that the provider always refuses, for the order of a batch. */
  readonly refusedTo?: unknown
  /** Texts that may stand in no reason, error or log line: the address, the body, the credentials. */
  readonly secrets: readonly string[]
  /** Where the driver speaks through the context's `fetch`. */
  readonly fetch?: typeof fetch
  /** Where the driver needs a state of its own; a fresh one in memory when left out. */
  readonly state?: State
  /** A webhook that the provider signed, and what it says. */
  readonly webhook?: { readonly request: WebhookRequest; readonly receipts: readonly Receipt[] }
  /** The longest that an attempt, an end after an abort or a close takes in real time. Default 5,000 ms. */
  readonly patienceMs?: number
  close(): Promise<void>
}

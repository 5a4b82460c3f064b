import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Clock } from './clock.js'
import type { Logger } from './logger.js'
import type { Lane, Purpose } from './message.js'
import type { Random } from './random.js'
import type { State } from './state.js'

/** An amount in millionths of the currency. */
export interface Cost {
  readonly currency: string
  readonly micros: number
}

/** The provider took the message; its own id for it, where it tells one, is what receipts are matched by. */
export interface Sent {
  readonly kind: 'sent'
  readonly providerId?: string
  /** What the message was charged, where the provider tells or the driver counts: an SMS of three parts. */
  readonly cost?: Cost
}
/** Refused for good: the same request would be refused again. */
export interface Rejected {
  readonly kind: 'rejected'
  /** A short code or phrase without personal data: `smtp 554 5.7.1`, `http 400`. */
  readonly reason: string
  /** The address does not exist or is dead: no other provider is tried, and the app is told. */
  readonly invalidAddress: boolean
}
/** Certainly not sent; worth another try, not before `afterMs`. */
export interface Retry {
  readonly kind: 'retry'
  readonly afterMs?: number
  readonly reason?: string
}
/** It may have gone out: the connection broke after the request was on its way, or no answer came in time. */
export interface Unknown {
  readonly kind: 'unknown'
  readonly reason?: string
}
/** The four outcomes of an attempt. Make them with `sent`, `rejected`, `invalidAddress`, `retry` and `unknown`. */
export type DeliveryOutcome = Sent | Rejected | Retry | Unknown

export function sent(providerId?: string, cost?: Cost): Sent {
  return { kind: 'sent', ...(providerId !== undefined && { providerId }), ...(cost !== undefined && { cost }) }
}
export function rejected(reason: string): Rejected {
  return { kind: 'rejected', reason, invalidAddress: false }
}
export function invalidAddress(reason: string): Rejected {
  return { kind: 'rejected', reason, invalidAddress: true }
}
/** `afterMs`: what the provider asked for, such as Retry-After; core's own backoff is longer where that is longer. */
export function retry(afterMs?: number, reason?: string): Retry {
  return { kind: 'retry', ...(afterMs !== undefined && { afterMs }), ...(reason !== undefined && { reason }) }
}
export function unknown(reason?: string): Unknown {
  return reason === undefined ? { kind: 'unknown' } : { kind: 'unknown', reason }
}

export interface DriverCapabilities {
  /** The provider drops a second request with the same `idempotencyKey`, so an unknown may be sent again. */
  readonly deduplicates: boolean
  /** Most requests that `deliverBatch` takes at once; 1 without it. */
  readonly batch: number
  /** Messages in flight in this process, 1 and up. Part of it is kept for P0. */
  readonly concurrency: number
  /** Messages that this process starts in each `perMs`, where the provider limits that. */
  readonly rate?: { readonly count: number; readonly perMs: number }
  /** The longest an attempt may take; a message's ttl can shorten it. */
  readonly timeoutMs: number
  /** Price of one message where it is known beforehand. Where it hangs on the content, `estimate` tells more. */
  readonly cost?: Cost
}

/** One message to one address. Content is rendered and checked; the address has passed the driver's schema. */
export interface DeliveryRequest<Address = unknown, Content = unknown> {
  readonly id: string
  readonly tenant: string
  readonly type: string
  readonly lane: Lane
  readonly purpose: Purpose
  readonly to: Address
  readonly content: Content
  readonly recipient: { readonly id: string; readonly locale?: string | undefined }
  /** message/channel/address, the same on every attempt and takeover, another one for a resend by a person; at most 64 characters of [A-Za-z0-9._-]. */
  readonly idempotencyKey: string
  /** 1 for the first attempt on this channel. */
  readonly attempt: number
  /**
   * When it must not arrive any more, by `clock.now()` of the context: for providers that keep a message while the
   * recipient is away. Left out where the message has no ttl.
   */
  readonly expires?: number
}

export interface DeliveryContext {
  /** Aborted at the deadline, and when the process has to stop at once. */
  readonly signal: AbortSignal
  /** When the attempt must have ended: milliseconds since the epoch, by `clock.now()`. */
  readonly deadline: number
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Shared by all processes: an access token with one refresher lives here. */
  readonly state: State
  /** Tells the app what is not an outcome: one of several devices is gone, a provider warns. */
  report(event: DriverEvent): void
}

export interface DriverEvent {
  readonly kind: 'address-dead' | 'address-changed' | 'warning'
  readonly messageId: string
  /** Which one of several, as the app knows it; goes to the app's own listener, never to a log. */
  readonly address?: unknown
  readonly reason: string
}

/** What a provider says later of a message that it took. */
export interface Receipt {
  /** The message id, or else the provider's own id of the message. */
  readonly messageId?: string
  readonly providerId?: string
  readonly channel?: string
  readonly provider?: string
  readonly kind: ReceiptKind
  readonly at?: number
  readonly reason?: string
}
export type ReceiptKind = 'sent' | 'delivered' | 'opened' | 'clicked' | 'read' | 'bounced' | 'complained' | 'recalled'

export interface WebhookRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}

/** Webhooks of a provider: `verify` is true only for what the provider signed; `parse` is called after that. */
export interface ReceiptSource {
  verify(request: WebhookRequest): Promise<boolean> | boolean
  parse(request: WebhookRequest): Promise<readonly Receipt[]> | readonly Receipt[]
}

/**
 * The code that speaks to one provider of one channel: a strategy.
 * - `deliver` makes one attempt and answers one of four outcomes. Core retries, waits, splits and gives up.
 * - It honours the signal: once aborted it ends soon, with `unknown` unless it knows better.
 * - A throw counts as `unknown`, unless the error is a `NotSentError`: then the request certainly never left.
 * - It opens nothing before the first `deliver`; `close` ends what it opened, waits for what is in flight, and may be
 *   called twice.
 * - It never logs or records an address, a body or a secret.
 */
export interface ChannelDriver<Address = unknown, Content = unknown> {
  readonly specVersion: 1
  readonly channel: string
  readonly provider: string
  readonly capabilities: DriverCapabilities
  /** Where a message goes: an address of the recipient on this channel, or the recipient itself (an inbox). */
  readonly addressing: 'address' | 'recipient'
  readonly address: StandardSchemaV1<unknown, Address>
  readonly content: StandardSchemaV1<unknown, Content>
  /** Content fields whose values are HTML: what a template puts in there is escaped. */
  readonly html: readonly string[]
  /** The name in `content.<channel>.vendors` without which this provider cannot send: its own template of the message. */
  readonly templated?: string
  /**
   * What this message will cost at most, by its rendered content: budgets hold so much before the attempt. Asks nobody,
   * throws nothing, and has the currency of `Sent.cost`. Undefined where it is not known: `capabilities.cost` stands.
   */
  estimate?(message: Pick<DeliveryRequest<Address, Content>, 'to' | 'content'>): Cost | undefined
  deliver(request: DeliveryRequest<Address, Content>, context: DeliveryContext): Promise<DeliveryOutcome>
  /** At most `capabilities.batch` requests; one outcome each, in the same order. */
  deliverBatch?(
    requests: readonly DeliveryRequest<Address, Content>[],
    context: DeliveryContext,
  ): Promise<readonly DeliveryOutcome[]>
  readonly receipts?: ReceiptSource
  close?(): Promise<void>
}

/** Thrown by a driver where it is certain that nothing left this process, such as a refused connection. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError'
  readonly 'reachkit.not-sent' = true
  readonly afterMs: number | undefined

  constructor(reason: string, options?: { readonly cause?: unknown; readonly afterMs?: number }) {
    super(reason, options)
    this.afterMs = options?.afterMs
  }
}

export function isNotSentError(error: unknown): error is NotSentError {
  return typeof error === 'object' && error !== null && 'reachkit.not-sent' in error
}

import type { Duration } from '../duration/index.js'
import type { AnyMessage } from '../message/index.js'
import type {
  HeldFilter,
  OperatorResult,
  ReachStats,
  RedriveFilter,
  RedriveOptions,
  Resolution,
  ResolveOptions,
} from '../operators/types.js'
import type { CancelAnswer, Receipt } from '../spec/index.js'
import type { Recipients } from '../recipients/index.js'
import type { Tasks } from '../tasks/index.js'
import type { Emitted } from '../triggers/index.js'
import type { Explanation } from './explanation.js'
import type {
  MessageFilter,
  MessagePage,
  MessageView,
  PageRequest,
  TimelineEvent,
  TimelineOf,
} from './message-views.js'
import type { Notifier, NotifyArguments } from './notify-types.js'
import type { ReachOptions } from './reach-options.js'
import type { AddressesOf, OneRecipient } from './recipient-types.js'
import type { ChannelMap, InputsByKey, TransactionOf } from './wiring.js'

/** What `change` sets; each field that is left out stays as it is. */
export interface MessageChange {
  /** New data, checked by the schema of the message type. */
  readonly data?: unknown
  /** When it is sent instead; its ttl counts from then. Not together with `after`. */
  readonly at?: Date | undefined
  readonly after?: Duration | undefined
}

/** How many receipts belonged to a message of this store, and how many to none. */
export interface ReceiptsRecorded {
  readonly recorded: number
  readonly unmatched: number
}

/** Who gets a message type that is sent to `receivers`; set by operators, kept in the store. */
export interface ReceiverSettings<Inputs> {
  /** Ids of recipients, and of groups and roles where the directory has `members`. */
  readonly set: (key: keyof Inputs & string, ids: readonly string[]) => Promise<void>
  readonly get: (key: keyof Inputs & string) => Promise<readonly string[]>
}

/**
 * How a channel's messages are split among its providers, or those of a message type among the channels of its `split`.
 * Kept in the store, and followed by every process.
 */
export interface WeightSettings<Addresses, Inputs> {
  /** @throws ReachError `REACH_WEIGHTS_INVALID` for a provider or channel that is not in it, or weights that are none. */
  readonly set: (
    name: (keyof Addresses | keyof Inputs) & string,
    weights: Readonly<Record<string, number>>,
  ) => Promise<void>
  readonly get: (name: (keyof Addresses | keyof Inputs) & string) => Promise<Readonly<Record<string, number>>>
}

/** What `createReach` answers. Its methods are bound: `const { notify } = reach`. Instants are `Date`. */
export interface Reach<Addresses, Inputs, Transaction> extends Notifier<Addresses, Inputs> {
  /**
   * Writes messages in a transaction of the caller's: a rollback leaves nothing, a commit loses nothing. What `notify`
   * answers is `pending`; it is relayed at once after the commit, by this process or, where that has died, by any other.
   * @throws ReachError `REACH_TRANSACTION_UNSUPPORTED` for what is not a transaction, such as the connection pool; its
   * `notify` throws it where that is known only once the store is open.
   */
  readonly in: (transaction: Transaction) => Notifier<Addresses, Inputs>
  /** Every gate, its verdict and its reason, for a message that is not sent. */
  readonly explain: <const Key extends keyof Inputs & string>(
    key: Key,
    to: OneRecipient<Addresses>,
    ...rest: NotifyArguments<Inputs[Key]>
  ) => Promise<Explanation>
  /** A message, or undefined where the store has none of this id (any more). */
  readonly get: (id: string) => Promise<MessageView | undefined>
  /** @throws ReachError `REACH_QUERY_UNSUPPORTED` for a filter that the store's history cannot answer. */
  readonly list: (filter?: MessageFilter, page?: PageRequest) => Promise<MessagePage>
  /** What happened, oldest first. */
  readonly timeline: (of: TimelineOf) => Promise<readonly TimelineEvent[]>
  /**
   * Stops what was not sent yet of a message that waits. `'cancelled'` where something was stopped: its outcome is
   * `cancelled`, or `sent` or `partly-sent` where a channel had it already. `'too-late'` for one that is being sent, is
   * held, or may have gone out.
   */
  readonly cancel: (id: string) => Promise<CancelAnswer>
  /** @throws ReachError `REACH_MESSAGE_NOT_FOUND`, `REACH_MESSAGE_CONFLICT`, `REACH_DATA_INVALID` or `REACH_TTL_PAST`. */
  readonly change: (id: string, change: MessageChange) => Promise<void>
  /** Sends a message that is done or held once more. @throws ReachError `REACH_MESSAGE_NOT_FOUND` or `_CONFLICT`. */
  readonly resend: (id: string) => Promise<void>
  readonly receipts: {
    /** Takes what providers said later: in any order, as often as they like. */
    readonly record: (receipts: readonly Receipt[]) => Promise<ReceiptsRecorded>
  }
  /**
   * Tells that something happened to somebody: notes the event, for segments and for triggers that wait whether it comes,
   * and accepts the messages of the triggers that it sets off. With an `id`, the same call is safe to repeat.
   * @throws ReachError as `notify` does.
   */
  readonly emit: (
    event: string,
    user: OneRecipient<Addresses>,
    data?: unknown,
    options?: { readonly id?: string | undefined; readonly tenant?: string | undefined },
  ) => Promise<Emitted>
  /** The recipients that the store keeps, where the app has no table of its own. */
  readonly recipients: Recipients<Addresses>
  /** Plans that reach many: a message type, an audience and a schedule. */
  readonly tasks: Tasks<Addresses, Inputs>
  readonly receivers: ReceiverSettings<Inputs>
  readonly weights: WeightSettings<Addresses, Inputs>
  /** The messages that may have gone out and nobody knows. */
  readonly held: (filter?: HeldFilter, page?: PageRequest) => Promise<MessagePage>
  /** The messages that nobody could work on: of a type that no process knew, or whose workers died. */
  readonly parked: (filter?: HeldFilter, page?: PageRequest) => Promise<MessagePage>
  /**
   * Says of held messages what a person found out: `sent`; `not-sent`, so that they are tried again; or `give-up`, which
   * ends them as `unresolved`. By id or by filter, at most `limit` of them a call.
   * @throws ReachError `REACH_MESSAGE_NOT_FOUND` or `REACH_MESSAGE_CONFLICT` for an id that is not of a held message.
   */
  readonly resolve: (which: string | HeldFilter, how: Resolution, options?: ResolveOptions) => Promise<OperatorResult>
  /**
   * Sends messages from the start of their route that were parked, rejected or have expired, by id or by filter. What
   * went out, or may have, is never among them.
   * @throws ReachError `REACH_MESSAGE_NOT_FOUND`, `REACH_MESSAGE_CONFLICT` or `REACH_TTL_PAST`, of an id.
   */
  readonly redrive: (which: string | RedriveFilter, options?: RedriveOptions) => Promise<OperatorResult>
  /** How much waits and since when, by lane and tenant, and what this process is doing. */
  readonly stats: () => Promise<ReachStats>
  /** Opens the store and starts to work; the first call of another method does so too. */
  readonly start: () => Promise<void>
  /** Takes nothing new, waits for what is in flight, at most `timeout`, and closes what was opened. */
  readonly stop: (options?: { readonly timeout?: Duration | undefined }) => Promise<void>
  /** Works off what is due, at most `maxMs`, and answers how many messages were settled: for a serverless function. */
  readonly drain: (options?: { readonly maxMs?: number | undefined }) => Promise<number>
}

/** The type of `createReach`. One signature, so that a mistake is told by itself. */
export type CreateReach = <
  const Messages extends readonly AnyMessage[],
  Channels extends ChannelMap,
  StoreTransaction = never,
  OutboxTransaction = never,
>(
  options: ReachOptions<Messages, Channels, StoreTransaction, OutboxTransaction>,
) => Reach<AddressesOf<Channels>, InputsByKey<Messages>, TransactionOf<StoreTransaction, OutboxTransaction>>

/** The data of each message type of an app, by key: `InputsOf<typeof reach>['order.paid']`. */
export type InputsOf<App> = App extends Reach<infer _Addresses, infer Inputs, infer _Transaction> ? Inputs : never

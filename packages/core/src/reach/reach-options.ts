import type { Duration } from '../duration/index.js'
import type { AnyMessage } from '../message/index.js'
import type { AudienceFactory, Clock, Gate, Logger, Outbox, PoolSource, Random, Store } from '../spec/index.js'
import type { HealthOptions } from '../health/health-options.js'
import type { SpoolOptions } from '../spool/spool-options.js'
import type { ApprovalPolicy } from '../tasks/index.js'
import type { Trigger } from '../triggers/index.js'
import type { ReachEvent } from './reach-event.js'
import type { AddressesOf, DirectoryOption } from './recipient-types.js'
import type { ChannelMap, ChannelsOf, ToBeWired, UnderOwnNames, WithTemplates } from './wiring.js'

/** What `createReach` is given: the one place where things are wired. A field that is undefined counts as left out. */
export interface ReachOptions<
  Messages extends readonly AnyMessage[],
  Channels extends ChannelMap,
  StoreTransaction,
  OutboxTransaction,
> {
  /** Every message type that this process accepts or sends, once each. */
  readonly messages: Messages & WithTemplates<Messages, Channels>
  /** Every channel that they have content for, under its own name. */
  readonly channels: Channels &
    UnderOwnNames<Channels> &
    ToBeWired<Exclude<ChannelsOf<Messages[number]>, keyof Channels>>
  /** Reads recipients by id, when a message is sent. Without it only inline recipients can be reached. */
  readonly directory?: DirectoryOption<AddressesOf<Channels>> | undefined
  /** Where messages are kept; in memory, lost with the process, unless told. */
  readonly store?: Store<StoreTransaction> | undefined
  /** Wakes workers, where another engine than the store's is to do it. */
  readonly pool?: PoolSource | undefined
  /** Whose transactions `reach.in(tx)` takes; left out where the store is that database. */
  readonly outbox?: Outbox<OutboxTransaction> | undefined
  /**
   * `true`, or where and how: while the store is away, `notify` writes to a file of this machine and answers `spooled`.
   * Drained in order and under the same ids once the store is back. Without it, `notify` throws
   * `REACH_STORE_UNAVAILABLE`.
   */
  readonly spool?: boolean | SpoolOptions | undefined
  /** `false` in a process that accepts messages and sends none. */
  readonly worker?: boolean | undefined
  /** Policies, asked in this order. */
  readonly gates?: readonly Gate[] | undefined
  /** `true` does everything but send. */
  readonly sandbox?: boolean | undefined
  /**
   * Where given, nobody else is sent to: ids of recipients, or patterns of ids and addresses such as `*@example.com`.
   * For staging; the others end as rejected with the reason `not-allowed`.
   */
  readonly allow?: readonly string[] | undefined
  /** Whose messages these are where a call names none; `'default'` unless told. */
  readonly tenant?: string | undefined
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
  /** Told of what an operator should know; nothing is logged unless told. */
  readonly logger?: Logger | undefined
  /** What drivers send with; the global one unless told. */
  readonly fetch?: typeof fetch | undefined
  /** Envelopes that this process works on at once. */
  readonly concurrency?: number | undefined
  /** How long a worker may be silent before another one takes over its work. */
  readonly lease?: Duration | undefined
  /** How long a message is known by its key at least; it may be twice that. '24h' unless told. */
  readonly dedupeFor?: Duration | undefined
  /** How long a message whose type no process knows waits for one that does; `'1h'` unless told. */
  readonly unknownFor?: Duration | undefined
  /**
   * When a provider of a channel with several counts as ill and loses weight, which it has back once it is well;
   * `false` where weights stay as they were set. Each move is told to `onEvent`.
   */
  readonly health?: boolean | HealthOptions | undefined
  /** What turns the events of `reach.emit` into messages. */
  readonly triggers?: readonly Trigger[] | undefined
  /** Who has to approve which tasks before they run; nobody unless told. Workers and callers are given the same. */
  readonly approvals?: readonly ApprovalPolicy[] | undefined
  /** Audiences that tasks name: made by `audience`, `sqlAudience` and others, each under a name of its own. */
  readonly audiences?: readonly AudienceFactory[] | undefined
  readonly onEvent?: ((event: ReachEvent) => void) | undefined
}

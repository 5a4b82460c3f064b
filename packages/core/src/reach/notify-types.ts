import type { Duration } from '../duration/index.js'
import type { Lane, MessageOutcome, Reason } from '../spec/index.js'
import type { To } from './recipient-types.js'

/** What one call may say beside its data. A field that is undefined counts as left out. */
export interface NotifyOptions {
  /** When it is sent; now unless told. Not together with `after`. */
  readonly at?: Date | undefined
  /** How long from now until it is sent. */
  readonly after?: Duration | undefined
  /** Two calls with the same key, message type, recipient and tenant are one. Comes before the type's own `dedupe`. */
  readonly idempotencyKey?: string | undefined
  /** How long after it was due it may still go out, instead of what the type says. */
  readonly ttl?: Duration | undefined
  /** Instead of what the type says. */
  readonly priority?: Lane | undefined
  /** Whose message it is, instead of `createReach({ tenant })`. */
  readonly tenant?: string | undefined
  /** A word to list what belongs together by, such as a campaign. */
  readonly group?: string | undefined
  /** Does everything but send. */
  readonly sandbox?: boolean | undefined
}

/**
 * The arguments after `to`: data that may be left out where a message type needs none, and options.
 *
 * The first condition is always true. While the compiler infers a key, it hides that the data could be that of any
 * message type: compared with each of them, a call would take a millisecond to check in an app of 200 types.
 */
export type NotifyArguments<Input> = [Input] extends [infer Data]
  ? {} extends Data
    ? [data?: Data, options?: NotifyOptions]
    : [data: Data, options?: NotifyOptions]
  : never

/** How a message ended, or that it is held: an attempt may have gone out and nobody knows. */
export interface SettledMessage {
  readonly id: string
  readonly state: 'done' | 'held'
  /** Undefined where it is held. */
  readonly outcome: MessageOutcome | undefined
  /** Why it was not sent, or is held. */
  readonly reason: Reason | undefined
  /** The message that took its place, where it was merged: the first one of its key, or the digest that shows it. */
  readonly into?: string
}

/** One message that was taken. */
export interface AcceptedMessage {
  readonly id: string
  /** The same message was accepted before: the id is that one's, and this call's data was dropped. */
  readonly deduplicated: boolean
  /**
   * `accepted`: the store has it. `pending`: it is written in the caller's transaction, and reaches the store once that
   * is committed. `spooled`: the store is away, and the spool of this machine has it. Of the latter two nobody knows yet
   * whether they were accepted before under the same key: such a one ends as `merged`.
   */
  readonly state: 'accepted' | 'pending' | 'spooled'
}

/** What `notify` answers once the store has the messages: from then on they are not lost, within the store's class. */
export interface Accepted extends AcceptedMessage {
  /** One a recipient, in the order given; `id` is the first of them. */
  readonly ids: readonly string[]
  /** Where several recipients were given: each one's answer. `deduplicated` above is true where all of them are. */
  readonly each?: readonly AcceptedMessage[]
  /**
   * Resolves when the message is done or held, and says which. With several recipients it is the first one's.
   * It needs a worker, in this process or another; while somebody waits, the process stays alive. One that is `pending`
   * rejects with `REACH_MESSAGE_NOT_FOUND` where the store does not know it five minutes later: after a rollback.
   */
  readonly settled: () => Promise<SettledMessage>
}

/** Takes messages: `reach` itself, and `reach.in(tx)`. Its methods are bound. */
export interface Notifier<Addresses, Inputs> {
  /**
   * Accepts one message for each recipient, and answers when the store has them.
   * @throws ReachError `REACH_MESSAGE_UNKNOWN`, `REACH_DATA_INVALID`, `REACH_DATA_NOT_JSON`, `REACH_RECIPIENT_INVALID`,
   * `REACH_RECEIVERS_EMPTY`, `REACH_DIRECTORY_MISSING`, `REACH_OPTION_INVALID`, `REACH_TTL_PAST`, `REACH_STORE_FULL`,
   * `REACH_STORE_UNAVAILABLE`, `REACH_SPOOL_FULL`, `REACH_SPOOL_UNAVAILABLE` or `REACH_STOPPED`: then nothing was accepted. Only a durable store may have taken parts of
   * a list of more than 5,000, or may be `REACH_STORE_UNAVAILABLE` for its answer alone. With an idempotency key the same
   * call is safe to repeat.
   */
  readonly notify: <const Key extends keyof Inputs & string>(
    key: Key,
    to: To<Addresses>,
    ...rest: NotifyArguments<Inputs[Key]>
  ) => Promise<Accepted>
}

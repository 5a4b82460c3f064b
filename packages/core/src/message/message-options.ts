import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ChannelName, ContentFor } from '../channel/index.js'
import type { Duration } from '../duration/index.js'
import type { Route } from '../route/index.js'
import type { Lane, Purpose } from '../spec/index.js'
import type { CheckContent } from './check-content.js'
import type { Problem } from '../problem/index.js'
import type { JsonOnly } from './json-only.js'

/** The data of a message type without a schema: none. */
export type NoData = Record<string, Problem<'this message type takes no data'>>

type Output<Schema extends StandardSchemaV1> = StandardSchemaV1.InferOutput<Schema>

/** What the content of a digest is told beside the data of its own message. */
export interface Digest<Data> {
  readonly count: number
  /** The data of each message that it stands for, oldest first, its own among them. */
  readonly items: readonly Data[]
}

/** How messages of one type to one recipient become one. */
export interface DigestOptions<Data, Window extends Duration> {
  /** So long after the first of them one is sent for all; at least a second. */
  readonly window: Window
  /** Those of another key are gathered apart: `(d) => d.orderId`. All of a recipient together unless told. */
  readonly key?: (data: Data) => string
  /** So many in one, from 2 to 500: more go out in another one right behind. 100 unless told. */
  readonly max?: number
}

/** What content is made of: the data, and of a type with a digest the digest. */
type ContentData<Data, Window> = [Window] extends [never] ? Data : Data & { readonly digest: Digest<Data> }

/** `unknown` where the data has no field that the digest would hide, or else the problem. */
type WithoutDigest<Data> = 'digest' extends keyof Data
  ? Problem<'data has a field digest of its own, which a digest would hide'>
  : unknown

/** A place where the compiler infers a type argument, and which adds nothing to what is expected there. */
type InferHere<Type> = [Type] extends [never] ? Type : unknown

/** `unknown` where every channel of the route has content, or else the problem. */
type WithContent<Routed extends string, Name extends string> = [Exclude<Routed, Name>] extends [never]
  ? unknown
  : Problem<`route names '${Exclude<Routed, Name>}', which has no content`>

/**
 * What a message type may say. Only `content` is needed.
 *
 * Types of the category `'otp'` (one-time passwords) have other defaults: priority P0, a ttl of 5 minutes, and
 * `onUnknown: 'resend'`, since a code that is late is useless and one that comes twice does no harm.
 */
export interface MessageOptions<
  Name extends ChannelName,
  Content,
  Schema extends StandardSchemaV1,
  Routed extends ChannelName,
  Window extends Duration = never,
> {
  /**
   * The data that `notify` is given: any Standard Schema, such as zod's or valibot's. What it answers is stored as JSON
   * and never parsed again. Without it the type takes no data.
   */
  readonly data?: Schema & JsonOnly<Schema>
  /** Why it is sent; legal defaults hang on it. `'transactional'` unless told. */
  readonly purpose?: Purpose
  /** The app's own word, which preferences hang on. */
  readonly category?: 'otp' | (string & {})
  /** Which part of the app sends it, to filter by. */
  readonly module?: string
  /** The business line, which quotas hang on. */
  readonly line?: string
  /** P0 urgent, P1 high, P2 normal, P3 bulk. P2 unless told; P0 for an OTP. */
  readonly priority?: Lane
  /** How long after it was due it may still go out; without end unless told, 5 minutes for an OTP. */
  readonly ttl?: Duration
  /** A key of the data: two messages of this type to one recipient with the same key are one. None unless told. */
  readonly dedupe?: (data: Output<Schema>) => string
  /** By channel: an object whose texts may have `{{ }}` templates, or a function of the data. */
  readonly content: {
    readonly [Each in Name]: ContentFor<Each> | ((data: ContentData<Output<Schema>, Window>) => ContentFor<Each>)
  } & InferHere<Content> &
    CheckContent<Content, ContentData<Output<Schema>, Window>>
  /** How the channels are combined: a route or one channel; `firstOf` in the order of `content` unless told. */
  readonly route?: (Route<Routed> | Routed) & WithContent<Routed, Name>
  /** A whole number, raised when the shape of the data changes; 1 unless told. */
  readonly version?: number
  /** Turns data that an older `version` stored into what the schema answers now. */
  readonly upgrade?: (stored: unknown, version: number) => Output<Schema>
  /** How often and how fast an attempt that certainly was not sent is made again. */
  readonly retry?: RetryOptions
  /**
   * What happens where nobody knows whether it went out and the provider would not drop a second one: `'hold'` waits
   * for evidence, `'resend'` sends again. `'hold'` unless told; `'resend'` for an OTP.
   */
  readonly onUnknown?: 'hold' | 'resend'
  /** How long it is held before it ends as unresolved; 24 hours unless told. */
  readonly holdFor?: Duration
  /**
   * Messages to one recipient that come within a window become one: its content is told `digest.count` and
   * `digest.items`, the data of each. Each is sent by itself unless told. Not for P0, nor with a ttl within the window.
   */
  readonly digest?: DigestOptions<Output<Schema>, Window> & WithoutDigest<Output<Schema>>
}

export interface RetryOptions {
  /** Attempts on one channel, the first one included; 6 unless told. */
  readonly attempts?: number
  /** The wait before the second attempt, which doubles each time; '1s' unless told. */
  readonly base?: Duration
  /** The longest wait, no shorter than `base`; '5m' unless told. */
  readonly cap?: Duration
}

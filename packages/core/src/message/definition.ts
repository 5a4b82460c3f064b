import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { RouteNode } from '../route/route.js'
import type { Lane, MessageLabels, Purpose } from '../spec/index.js'

export interface RetryPolicy {
  /** Attempts on one channel, the first one included. */
  readonly attempts: number
  readonly baseMs: number
  readonly capMs: number
}

/** How messages of a type to one recipient are gathered into one. */
export interface DigestPolicy {
  readonly windowMs: number
  /** What is gathered apart; undefined where all of a recipient is gathered together. */
  readonly key: ((data: never) => unknown) | undefined
  /** Messages in one, itself included. */
  readonly max: number
}

/** Content of one channel: an object whose strings may be templates, or a function of the data. */
export type ContentSource = object | ((data: never) => unknown)

/** A message type, checked and with every default filled in: what the engine works with. */
export interface MessageDefinition {
  readonly key: string
  /** Raised when the shape of the data changes; `upgrade` turns older stored data into this version's. */
  readonly version: number
  readonly upgrade: ((data: never, version: number) => unknown) | undefined
  readonly schema: StandardSchemaV1 | undefined
  readonly purpose: Purpose
  readonly lane: Lane
  readonly labels: MessageLabels
  readonly ttlMs: number | undefined
  readonly dedupe: ((data: never) => string) | undefined
  readonly content: ReadonlyMap<string, ContentSource>
  readonly route: RouteNode
  readonly retry: RetryPolicy
  /** What happens where nobody knows whether it went out: it is held, or sent again. */
  readonly onUnknown: 'hold' | 'resend'
  readonly holdForMs: number
  readonly digest: DigestPolicy | undefined
}

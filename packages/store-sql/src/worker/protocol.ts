import type { MessagePort, Worker } from 'node:worker_threads'
import type {
  AnyOutbox,
  History,
  Ledger,
  LedgerCapabilities,
  Logger,
  Pool,
  ReachErrorCode,
  State,
} from '@reachkit/core/spec'

/** The part of an outbox that works beside the database. */
export type RelaySide = Required<Pick<AnyOutbox, 'claim' | 'done' | 'backlog'>>

/** The parts of a store as they live beside its database. */
export interface HostedParts {
  readonly ledger: Ledger
  readonly state: State
  readonly history: History
  /** Left out where a pool of another engine carries the envelopes. */
  readonly pool: Pool | undefined
  readonly outbox: RelaySide
}

/** The verbs that take values and answer a promise of values: one message there, one back. */
export const verbs: { readonly [Part in PartName]: readonly (keyof NonNullable<HostedParts[Part]> & string)[] } = {
  ledger: [
    'now',
    'accept',
    'claim',
    'begin',
    'settle',
    'renew',
    'yield',
    'cancel',
    'change',
    'note',
    'get',
    'pending',
    'sweep',
    'saveTask',
    'tasks',
    'beginRun',
    'run',
    'runs',
    'parcels',
  ],
  state: [
    'now',
    'count',
    'remember',
    'forget',
    'take',
    'enter',
    'leave',
    'credit',
    'reserve',
    'confirm',
    'release',
    'budgets',
    'read',
    'write',
  ],
  history: ['list', 'timeline', 'timelineOf', 'count', 'find'],
  pool: ['push', 'ack', 'renew', 'depth'],
  outbox: ['claim', 'done', 'backlog'],
}

export type PartName = keyof HostedParts

/** An answer is matched by the id of what asked for it. */
export type ToWorker =
  | {
      readonly kind: 'call'
      readonly id: number
      readonly part: PartName
      readonly verb: string
      readonly args: readonly unknown[]
    }
  | { readonly kind: 'next'; readonly id: number; readonly lane: string; readonly max: number }
  /** Ends a `next` that is under way. */
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'watch'; readonly id: number; readonly prefix: string }
  | { readonly kind: 'unwatch'; readonly id: number }
  | { readonly kind: 'close'; readonly id: number }

export type FromWorker =
  | { readonly kind: 'ready'; readonly capabilities: LedgerCapabilities; readonly pool: boolean }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'changed'; readonly id: number; readonly key: string }
  | {
      readonly kind: 'log'
      readonly level: keyof Logger
      readonly fields: Readonly<Record<string, unknown>>
      readonly text: string
    }

/** An error as it travels: its class does not. */
export interface Failure {
  readonly code: ReachErrorCode
  /** Without the code in front. */
  readonly text: string
  /** Of the cause, which has no values in it. */
  readonly cause: { readonly code: string | undefined; readonly text: string } | undefined
}

/** What the two ends speak by. */
export type Port = MessagePort | Worker

import type { AudiencePlan, PrepareContext } from '../audience/index.js'
import type { People } from '../directory/people.js'
import type { RecipientReader } from '../directory/recipient-reader.js'
import type { LeaseKeeper } from '../dispatch/lease-keeper.js'
import type { EngineOptions } from '../engine/engine-options.js'
import type { AudienceSource, Book, Clock, Envelope, History, Ledger, Logger, State } from '../spec/index.js'
import type { Task } from './document.js'
import type { TaskEvent } from './task-event.js'

/** What tasks need of the engine around them. */
export interface TaskContext {
  readonly options: EngineOptions
  readonly clock: Clock
  readonly logger: Logger
  readonly ledger: Ledger
  readonly state: State
  readonly history: History
  readonly book: Book | undefined
  readonly people: People
  readonly recipients: RecipientReader
  readonly leases: LeaseKeeper
  readonly leaseMs: (envelope: Envelope) => number
  readonly stopping: AbortSignal
  readonly storeNow: () => number
  readonly nextId: () => string
  readonly push: (envelopes: readonly Envelope[]) => void
  /** Opens the audience of a plan for a tenant. */
  readonly openAudience: (plan: AudiencePlan, tenant: string) => Promise<AudienceSource>
  /** What it takes to copy and stamp an audience for a task. */
  readonly preparing: (task: Task) => PrepareContext
  /** Keeps the process alive, as often as it is called, until `release` was called as often. */
  readonly hold: () => void
  readonly release: () => void
  readonly tell: (task: Task, event: TaskEvent) => void
}

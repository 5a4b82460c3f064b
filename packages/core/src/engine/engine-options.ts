import type { MessageDefinition } from '../message/definition.js'
import type {
  AnyChannel,
  AnyOutbox,
  AudienceFactory,
  Clock,
  Directory,
  Gate,
  Logger,
  PoolSource,
  Random,
  Store,
} from '../spec/index.js'
import type { HealthSettings } from '../health/health-options.js'
import type { SpoolSettings } from '../spool/spool-options.js'
import type { ReachEvent } from '../reach/reach-event.js'
import type { ApprovalPolicy } from '../tasks/approval-policy.js'
import type { Triggers } from '../triggers/parse-triggers.js'

/** What `createReach` was given, checked, with every default filled in. */
export interface EngineOptions {
  readonly definitions: ReadonlyMap<string, MessageDefinition>
  readonly channels: ReadonlyMap<string, AnyChannel>
  readonly directory: Directory | undefined
  readonly store: Store
  readonly pool: PoolSource | undefined
  readonly outbox: AnyOutbox | undefined
  readonly spool: SpoolSettings | undefined
  readonly worker: boolean
  readonly gates: readonly Gate[]
  readonly sandbox: boolean
  readonly tenant: string
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly fetch: typeof fetch
  /** Envelopes worked on at once. */
  readonly concurrency: number
  readonly leaseMs: number
  readonly unknownForMs: number
  /** Undefined where weights follow nothing. */
  readonly health: HealthSettings | undefined
  readonly approvals: readonly ApprovalPolicy[]
  readonly triggers: Triggers
  /** By their names. */
  readonly audiences: ReadonlyMap<string, AudienceFactory>
  readonly onEvent: ((event: ReachEvent) => void) | undefined
}

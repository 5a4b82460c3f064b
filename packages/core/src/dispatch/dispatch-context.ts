import type { CompiledContent } from '../template/index.js'
import type { WiredChannel } from '../channel/wired-channel.js'
import type { RecipientReader } from '../directory/recipient-reader.js'
import type { GateRunner } from '../gates/gate-runner.js'
import type { MessageDefinition } from '../message/definition.js'
import type {
  BeginAnswer,
  BeginRequest,
  ChannelDriver,
  Clock,
  DriverEvent,
  Envelope,
  GateContext,
  HistoryEvent,
  Lane,
  Ledger,
  Logger,
  MessageRecord,
  Pool,
  Random,
  SettleAnswer,
  Settlement,
  Settled,
  State,
} from '../spec/index.js'
import type { DeadlineWatch } from './deadline-watch.js'
import type { EvidenceNotes } from './evidence-notes.js'
import type { Weighed } from '../engine/weights.js'
import type { WiredSplits } from '../route/wired-splits.js'
import type { LeaseKeeper } from './lease-keeper.js'
import type { Health } from '../health/health.js'

/** What working on an envelope needs of the engine around it. */
export interface DispatchContext {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly fetch: typeof fetch
  readonly ledger: Ledger
  readonly pool: Pool
  readonly state: State
  readonly owner: string
  readonly definitions: ReadonlyMap<string, MessageDefinition>
  readonly channels: ReadonlyMap<string, WiredChannel>
  /** By message type, then by channel. */
  readonly contents: ReadonlyMap<string, ReadonlyMap<string, CompiledContent>>
  /** By message type, where its route has a split. */
  readonly splits: ReadonlyMap<string, WiredSplits>
  /** What operators may weigh anew, by its name. */
  readonly weighed: ReadonlyMap<string, Weighed>
  readonly gates: GateRunner
  readonly recipients: RecipientReader
  readonly leases: LeaseKeeper
  readonly deadlines: DeadlineWatch
  readonly evidence: EvidenceNotes
  /** Told of each attempt on a channel with several providers; undefined where weights follow nothing. */
  readonly health: Health | undefined
  /** Envelopes that were taken over from dead processes. */
  readonly takeovers: { count: number }
  readonly sandbox: boolean
  /** False where nothing is sent: a provider's probes are not used up. */
  readonly probes: boolean
  readonly unknownForMs: number
  /** Aborted when the process stops taking work: what is in the air ends, the rest goes back. */
  readonly stopping: AbortSignal
  /** Aborted when it must end at once. */
  readonly aborting: AbortSignal
  /** The store's clock, as this process knows it. */
  readonly storeNow: () => number
  readonly leaseMs: (envelope: Envelope) => number
  readonly nextId: () => string
  readonly begin: (request: BeginRequest, lane: Lane) => Promise<BeginAnswer>
  readonly settle: (settlement: Settlement, lane: Lane) => Promise<SettleAnswer>
  readonly push: (envelopes: readonly Envelope[]) => void
  /** Called for each message that is done or held now. */
  readonly ended: (message: MessageRecord, to: Settled) => void
  /** Tells the app's listener what history was told; undefined where there is none. */
  readonly tell: ((message: MessageRecord, events: readonly HistoryEvent[]) => void) | undefined
  readonly report: (event: DriverEvent, driver: Pick<ChannelDriver, 'channel' | 'provider'>) => void
}

/** What gates are told of the time, whoever asks them. */
export function gateContext({ storeNow, aborting }: Pick<DispatchContext, 'storeNow' | 'aborting'>): GateContext {
  return { now: storeNow(), signal: aborting }
}

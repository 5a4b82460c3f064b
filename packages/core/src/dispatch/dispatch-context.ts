import type { CompiledContent } from '../template/index.js'
import type { WiredChannel } from '../channel/wired-channel.js'
import type { RecipientReader } from '../directory/recipient-reader.js'
import type { GateRunner } from '../gates/gate-runner.js'
import type { MessageDefinition } from '../message/definition.js'
import type {
  BeginAnswer,
  BeginRequest,
  ChannelDriver,
  ClaimedMessage,
  Clock,
  DriverEvent,
  Envelope,
  GateContext,
  HistoryEvent,
  Ledger,
  Logger,
  Pool,
  Random,
  SettleAnswer,
  Settlement,
  Settled,
  State,
} from '../spec/index.js'
import type { DeadlineWatch } from './deadline-watch.js'
import type { Weighed } from '../engine/weights.js'
import type { WiredSplits } from '../route/wired-splits.js'
import type { LeaseKeeper } from './lease-keeper.js'

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
  readonly contents: ReadonlyMap<string, CompiledContent>
  /** By message type, where its route has a split. */
  readonly splits: ReadonlyMap<string, WiredSplits>
  /** What operators may weigh anew, by its name. */
  readonly weighed: ReadonlyMap<string, Weighed>
  readonly gates: GateRunner
  readonly recipients: RecipientReader
  readonly leases: LeaseKeeper
  readonly deadlines: DeadlineWatch
  readonly sandbox: boolean
  readonly unknownForMs: number
  /** Aborted when the process stops taking work: what is in the air ends, the rest goes back. */
  readonly stopping: AbortSignal
  /** Aborted when it must end at once. */
  readonly aborting: AbortSignal
  /** The store's clock, as this process knows it. */
  readonly storeNow: () => number
  readonly leaseMs: (envelope: Envelope) => number
  readonly nextId: () => string
  readonly begin: (request: BeginRequest) => Promise<BeginAnswer>
  readonly settle: (settlement: Settlement) => Promise<SettleAnswer>
  readonly push: (envelopes: readonly Envelope[]) => void
  /** Called for each message that is done or held now. */
  readonly ended: (message: ClaimedMessage, to: Settled) => void
  /** Tells the app's listener what history was told; undefined where there is none. */
  readonly tell: ((message: ClaimedMessage, events: readonly HistoryEvent[]) => void) | undefined
  readonly report: (event: DriverEvent, driver: Pick<ChannelDriver, 'channel' | 'provider'>) => void
}

/** What gates are told of the time, whoever asks them. */
export function gateContext({ storeNow, aborting }: Pick<DispatchContext, 'storeNow' | 'aborting'>): GateContext {
  return { now: storeNow(), signal: aborting }
}

/** Where the compiled content of a type's channel is kept. */
export function contentKey(type: string, channel: string): string {
  return `${channel}\n${type}`
}

import { RecipientReader } from '../directory/recipient-reader.js'
import type { DispatchContext } from '../dispatch/dispatch-context.js'
import { EvidenceNotes } from '../dispatch/evidence-notes.js'
import { resolveEvidence } from '../dispatch/resolve-evidence.js'
import { GateRunner } from '../gates/gate-runner.js'
import type { HistoryEvent, MessageRecord, Settled } from '../spec/index.js'
import type { EngineOptions } from './engine-options.js'
import { ledgerCalls } from './ledger-calls.js'
import type { StoreClock } from './store-clock.js'
import { tellListener } from './tell-listener.js'

type Given =
  | 'channels'
  | 'contents'
  | 'splits'
  | 'weighed'
  | 'ledger'
  | 'pool'
  | 'state'
  | 'owner'
  | 'nextId'
  | 'leases'
  | 'deadlines'
  | 'health'
  | 'push'

/** What the engine has opened or made when it starts. */
export interface EngineRun extends Pick<DispatchContext, Given> {
  readonly storeClock: StoreClock
  readonly stopping: AbortController
  readonly aborting: AbortController
  /** Called for each message that is done or held now. */
  readonly ended: (message: MessageRecord, to: Settled) => void
}

/** What working on envelopes needs, of the options and of the engine that runs. */
export function createContext(options: EngineOptions, run: EngineRun): DispatchContext {
  const { clock, random, logger, definitions, sandbox, unknownForMs } = options
  const { storeClock, stopping, aborting, ended, ...given } = run
  const evidence = new EvidenceNotes({
    clock,
    logger,
    stopping: stopping.signal,
    resolve: async (known) => resolveEvidence(known, context),
  })
  const context: DispatchContext = {
    ...given,
    evidence,
    takeovers: { count: 0 },
    clock,
    random,
    logger,
    fetch: options.fetch,
    definitions,
    gates: new GateRunner(options.gates, run.deadlines, logger, random),
    recipients: new RecipientReader(options.directory, run.deadlines, logger),
    sandbox,
    probes: true,
    unknownForMs,
    stopping: stopping.signal,
    aborting: aborting.signal,
    storeNow: () => storeClock.now(),
    leaseMs: ({ lane }) => (lane === 'P0' ? Math.ceil(options.leaseMs * 0.4) : options.leaseMs),
    ...ledgerCalls(run.ledger),
    ended(message, to) {
      ended(message, to)
      if (to.state !== 'held') return
      const { id, type } = message
      logger.warn({ message: id, type, reason: to.reason.code }, 'a message is held: nobody knows whether it went out')
      evidence.look(id)
    },
    report: (event, { channel, provider }) => tellListener(options, { kind: 'driver', channel, provider, event }),
    tell: options.onEvent === undefined ? undefined : (message, events) => tellOf(options, message, events),
  }
  return context
}

function tellOf(options: EngineOptions, { id, tenant, type }: MessageRecord, events: readonly HistoryEvent[]): void {
  for (const event of events) tellListener(options, { kind: 'message', id, tenant, type, event })
}

import { KeepAlive } from '../clock/keep-alive.js'
import { RecipientReader } from '../directory/recipient-reader.js'
import { DeadlineWatch } from '../dispatch/deadline-watch.js'
import type { DispatchContext } from '../dispatch/dispatch-context.js'
import { Dispatcher } from '../dispatch/dispatcher.js'
import { LeaseKeeper } from '../dispatch/lease-keeper.js'
import { Sweeper } from '../dispatch/sweeper.js'
import { GateRunner } from '../gates/gate-runner.js'
import { AcceptQueue } from '../intake/accept-queue.js'
import { abortable } from '../io/abortable.js'
import { SettledWaits } from '../settled/settled-waits.js'
import { ReachError, isReachError } from '../spec/index.js'
import type {
  Acceptance,
  ClaimedMessage,
  Envelope,
  History,
  Ledger,
  Pool,
  Settled,
  State,
  StoreParts,
} from '../spec/index.js'
import { compileContents } from './compile-contents.js'
import { createIds } from './create-ids.js'
import type { EngineOptions } from './engine-options.js'
import { ledgerCalls } from './ledger-calls.js'
import { StoreClock } from './store-clock.js'
import { followWeights } from './weights.js'
import { wireChannels } from './wire-channels.js'

/** An engine that runs: the store is open, and the worker (where there is one) takes what is due. */
export interface OpenEngine {
  readonly context: DispatchContext
  readonly ledger: Ledger
  readonly history: History
  readonly state: State
  readonly pool: Pool
  readonly accepts: AcceptQueue
  readonly waits: SettledWaits
  readonly keepAlive: KeepAlive
  readonly storeClock: StoreClock
  readonly dispatcher: Dispatcher | undefined
  /** Messages that this process settled for good. */
  readonly endedCount: () => number
  push(envelopes: readonly Envelope[]): void
  /** Takes nothing new, waits for what is in flight, closes what was opened; `aborting` ends what takes too long. */
  close(timeoutMs: number): Promise<void>
}

/** Opens the store and puts the parts together. */
export async function openEngine(options: EngineOptions): Promise<OpenEngine> {
  const channels = wireChannels(options.channels)
  const contents = await compileContents(options.definitions, channels)
  const parts = await openParts(options)
  try {
    return await startEngine(options, channels, contents, parts)
  } catch (error) {
    await parts.close()
    throw error
  }
}

async function openParts({ store, clock, random, logger }: EngineOptions): Promise<StoreParts> {
  try {
    return await store.open({ clock, random, logger })
  } catch (cause) {
    throw isReachError(cause) ? cause : unavailable(store.name, cause)
  }
}

function unavailable(store: string, cause: unknown): ReachError {
  return new ReachError('REACH_STORE_UNAVAILABLE', `the store '${store}' cannot be reached`, { cause })
}

async function startEngine(
  options: EngineOptions,
  channels: DispatchContext['channels'],
  contents: DispatchContext['contents'],
  parts: StoreParts,
): Promise<OpenEngine> {
  const { clock, random, logger } = options
  const { ledger, history, state } = parts
  const pool = (await options.pool?.open({ clock, random, logger, ledger })) ?? parts.pool
  if (pool === undefined) {
    throw new ReachError('REACH_OPTION_INVALID', `the store '${options.store.name}' has no pool: give createReach a pool`)
  }
  const storeClock = await StoreClock.read(clock, ledger)
  const unfollow = await followWeights(state, channels, logger)

  const { owner, nextId } = createIds(clock, random)
  const keepAlive = new KeepAlive(clock)
  const stopping = new AbortController()
  const aborting = new AbortController()
  let ended = 0

  const push = (envelopes: readonly Envelope[]): void => {
    if (envelopes.length === 0 || ledger.capabilities.pool) return
    if (!ledger.capabilities.durable) keepAlive.untilDue(envelopes)
    pool.push(envelopes).catch((error: unknown) => {
      logger.error({ envelopes: envelopes.length, error: (error as Error).name }, 'a push failed; the sweep repeats it')
    })
  }
  const accepted = (acceptances: readonly Acceptance[]): void => {
    for (const { ids, deduplicated, envelopes } of acceptances) {
      for (const [index, id] of ids.entries()) if (deduplicated[index] !== true) waits.accepted(id)
      push(envelopes)
    }
  }
  const waits = new SettledWaits({
    clock,
    ledger,
    shared: ledger.capabilities.durable || !options.worker,
    hold: () => keepAlive.hold(),
    release: () => keepAlive.release(),
  })
  const leases = new LeaseKeeper(clock, ledger, pool, logger, Math.floor(options.leaseMs / 6))
  const deadlines = new DeadlineWatch(clock)
  aborting.signal.addEventListener('abort', () => deadlines.expireAll(), { once: true })
  const calls = ledgerCalls(ledger)
  const context: DispatchContext = {
    clock,
    random,
    logger,
    fetch: options.fetch,
    ledger,
    pool,
    state,
    owner,
    definitions: options.definitions,
    channels,
    contents,
    gates: new GateRunner(options.gates, logger),
    recipients: new RecipientReader(options.directory, logger),
    leases,
    deadlines,
    sandbox: options.sandbox,
    unknownForMs: options.unknownForMs,
    stopping: stopping.signal,
    aborting: aborting.signal,
    storeNow: () => storeClock.now(),
    leaseMs: ({ lane }) => (lane === 'P0' ? Math.ceil(options.leaseMs / 2) : options.leaseMs),
    nextId,
    ...calls,
    push,
    ended(message: ClaimedMessage, to: Settled) {
      ended += 1
      waits.ended(message.id, to)
      if (to.state === 'held') {
        logger.warn({ message: message.id, type: message.type, reason: to.reason.code }, 'a message is held: nobody knows whether it went out')
      }
    },
    report(event, { channel, provider }) {
      try {
        options.onEvent?.({ kind: 'driver', channel, provider, event })
      } catch (error) {
        logger.error({ error: nameOf(error) }, 'the listener onEvent threw')
      }
    },
  }
  const dispatcher = options.worker
    ? new Dispatcher(context, {
        concurrency: options.concurrency,
        hold: () => keepAlive.hold(),
        release: () => keepAlive.release(),
      })
    : undefined
  const accepts = new AcceptQueue(ledger, nextId, accepted)
  const sweeper = new Sweeper({ clock, ledger, logger, push, slowestMs: ledger.capabilities.durable ? 2_000 : 30_000 })
  dispatcher?.start()
  sweeper.start()

  return {
    context,
    ledger,
    history,
    state,
    pool,
    accepts,
    waits,
    keepAlive,
    storeClock,
    dispatcher,
    endedCount: () => ended,
    push,
    async close(timeoutMs) {
      stopping.abort()
      sweeper.stop()
      const cancel = clock.setTimer(timeoutMs, () => aborting.abort())
      await accepts.close()
      await dispatcher?.ended()
      leases.close()
      deadlines.close()
      unfollow()
      waits.close(new ReachError('REACH_STOPPED', 'Reachkit was stopped before the message was settled'))
      for (const channel of channels.values()) {
        for (const { driver, queue } of channel.providers) {
          queue.close()
          await abortable(Promise.resolve(driver.close?.()), aborting.signal).catch((error: unknown) => {
            logger.error({ channel: channel.name, provider: driver.provider, error: nameOf(error) }, 'a driver could not be closed')
          })
        }
      }
      cancel()
      if (options.pool !== undefined) await pool.close()
      await ledger.close()
      await parts.close()
      keepAlive.close()
    },
  }
}

/** The text of an error that is not ours may hold what must not be logged. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

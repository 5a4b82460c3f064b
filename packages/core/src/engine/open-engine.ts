import { KeepAlive } from '../clock/keep-alive.js'
import { DeadlineWatch } from '../dispatch/deadline-watch.js'
import type { DispatchContext } from '../dispatch/dispatch-context.js'
import { Dispatcher } from '../dispatch/dispatcher.js'
import { LeaseKeeper } from '../dispatch/lease-keeper.js'
import { Sweeper } from '../dispatch/sweeper.js'
import { Turns } from '../dispatch/turns.js'
import { Health } from '../health/health.js'
import { AcceptQueue } from '../intake/accept-queue.js'
import { SettledWaits } from '../settled/settled-waits.js'
import { ReachError, isReachError } from '../spec/index.js'
import type {
  Acceptance,
  Book,
  Envelope,
  Gate,
  Ledger,
  Logger,
  MessageRecord,
  Pool,
  Settled,
  State,
  StoreParts,
} from '../spec/index.js'
import { closeEngine } from './close-engine.js'
import type { OpenEngine } from './engine.js'
import { compileContents } from './compile-contents.js'
import { createContext } from './create-context.js'
import { createIds } from './create-ids.js'
import type { EngineOptions } from './engine-options.js'
import { errorName } from '../io/error-name.js'
import { begun } from '../io/rejected.js'
import { openWaysIn } from './open-ways-in.js'
import { StoreClock } from './store-clock.js'
import { createTasks } from './create-tasks.js'
import { TaskRunner } from '../tasks/task-runner.js'
import { TriggerGate } from '../triggers/trigger-gate.js'
import { tellListener } from './tell-listener.js'
import { followWeights } from './weights.js'
import type { Weighed } from './weights.js'
import { wireChannels } from './wire-channels.js'
import { wireSplits } from './wire-splits.js'

/** Opens the store and puts the parts together. */
export async function openEngine(options: EngineOptions): Promise<OpenEngine> {
  const channels = wireChannels(options.channels, options.clock)
  const contents = await compileContents(options.definitions, channels)
  const parts = await openParts(options)
  try {
    return await startEngine(options, channels, contents, parts)
  } catch (error) {
    await parts.close()
    throw error
  }
}

async function openParts({ store, pool, clock, random, logger }: EngineOptions): Promise<StoreParts> {
  try {
    return await store.open({ clock, random, logger, otherPool: pool !== undefined })
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
  const { clock, random, logger, concurrency } = options
  const { ledger, history, state, book } = parts
  const { durable } = ledger.capabilities
  const pool = await openPool(options, parts)
  const storeClock = await StoreClock.read(clock, ledger)
  const splits = wireSplits(options.definitions)
  const weighed = new Map<string, Weighed>([...splits, ...channels])
  const unfollow = await followWeights(state, weighed, logger)

  const { owner, nextId } = createIds(clock, random)
  const keepAlive = new KeepAlive(clock)
  const hold = (): void => keepAlive.hold()
  const release = (): void => keepAlive.release()
  const push = pushTo(pool, ledger, keepAlive, logger)
  const waits = new SettledWaits({ clock, ledger, shared: durable || !options.worker, hold, release })
  const leases = new LeaseKeeper(clock, ledger, pool, logger, Math.floor(options.leaseMs / 6))
  const deadlines = new DeadlineWatch(clock)
  const stopping = new AbortController()
  const aborting = new AbortController()
  aborting.signal.addEventListener('abort', () => deadlines.expireAll(), { once: true })

  let endedCount = 0
  const ended = (message: MessageRecord, to: Settled): void => {
    endedCount += 1
    waits.ended(message.id, to)
  }
  const health = await openHealth(options, channels, state, storeClock).catch((error: unknown) => {
    unfollow()
    throw error
  })
  const gates = gatesOf(options, state, book)
  const opened = { channels, contents, splits, weighed, ledger, pool, state, owner, nextId, leases, deadlines, health }
  const context = createContext({ ...options, gates }, { ...opened, storeClock, stopping, aborting, push, ended })
  const turns = new Turns(clock)
  const tasks = createTasks(options, parts, context, hold, release)
  const runner = options.worker ? new TaskRunner(tasks) : undefined
  const dispatcher = runner && new Dispatcher(context, turns, { concurrency, hold, release, tasks: runner })
  const sweeper = new Sweeper({ clock, ledger, logger, push, slowestMs: durable ? 1_000 : 30_000 })
  const pushLeft = (envelopes: readonly Envelope[]): void => push(dispatcher?.take(envelopes) ?? envelopes)
  const arrivals = { accepted: acceptedBy(waits), ended: waits.ended.bind(waits), push: pushLeft }
  const waysIn = await openWaysIn(options, parts, context, storeClock, arrivals).catch(async (error: unknown) => {
    unfollow()
    await health?.close()
    throw error
  })
  const accepts = new AcceptQueue(ledger, nextId, clock, arrivals, waysIn.spool, turns)
  dispatcher?.start()
  sweeper.start()
  waysIn.relay?.start()

  const used = {
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
    tasks,
    book,
    nextId,
  }
  const closing = {
    ...used,
    ...waysIn,
    runner,
    options,
    parts,
    stopping,
    aborting,
    sweeper,
    leases,
    deadlines,
    unfollow,
  }
  const close = (timeoutMs: number): Promise<void> => closeEngine(closing, timeoutMs)
  return { ...used, ...waysIn, endedCount: () => endedCount, push, close }
}

/** Core's own come first: what a trigger withdraws uses up nothing. */
function gatesOf({ triggers, gates }: EngineOptions, state: State, book: Book | undefined): readonly Gate[] {
  return triggers.byName.size === 0 ? gates : [new TriggerGate(triggers, state, book), ...gates]
}

/** Only who sends sees how providers fare. */
async function openHealth(
  options: EngineOptions,
  channels: DispatchContext['channels'],
  state: State,
  storeClock: StoreClock,
): Promise<Health | undefined> {
  const { health: settings, worker, clock, logger } = options
  const several = [...channels.values()].filter(({ providers }) => providers.length > 1)
  if (settings === undefined || !worker || several.length === 0) return undefined
  return Health.open({
    settings,
    channels: several,
    state,
    clock,
    logger,
    storeNow: () => storeClock.now(),
    tell: (channel, provider, event) => tellListener(options, { kind: 'health', channel, provider, event }),
  })
}

async function openPool(options: EngineOptions, { ledger, pool }: StoreParts): Promise<Pool> {
  const { clock, random, logger } = options
  const opened = (await options.pool?.open({ clock, random, logger, ledger })) ?? pool
  if (opened !== undefined) return opened
  const text = `the store '${options.store.name}' has no pool: give createReach a pool`
  throw new ReachError('REACH_OPTION_INVALID', text)
}

function pushTo(pool: Pool, ledger: Ledger, keepAlive: KeepAlive, logger: Logger): OpenEngine['push'] {
  const { pool: pushesItself, durable } = ledger.capabilities
  return (envelopes) => {
    if (envelopes.length === 0 || pushesItself) return
    if (!durable) keepAlive.untilDue(envelopes)
    begun(() => pool.push(envelopes)).catch((error: unknown) => {
      logger.error({ envelopes: envelopes.length, error: errorName(error) }, 'a push failed; the sweep repeats it')
    })
  }
}

function acceptedBy(waits: SettledWaits): (acceptance: Pick<Acceptance, 'ids' | 'deduplicated'>) => void {
  return ({ ids, deduplicated }) => {
    for (const [index, id] of ids.entries()) if (deduplicated[index] !== true) waits.accepted(id)
  }
}

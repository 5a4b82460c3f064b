import type { DispatchContext } from '../dispatch/dispatch-context.js'
import { Dispatcher } from '../dispatch/dispatcher.js'
import { Sweeper } from '../dispatch/sweeper.js'
import { Turns } from '../dispatch/turns.js'
import { Health } from '../health/health.js'
import { AcceptQueue } from '../intake/accept-queue.js'
import { SettledWaits } from '../settled/settled-waits.js'
import { ReachError, isReachError } from '../spec/index.js'
import type { Acceptance, Book, Envelope, Gate, MessageRecord, Settled, State, StoreParts } from '../spec/index.js'
import { closeEngine } from './close-engine.js'
import type { OpenEngine } from './engine.js'
import { compileContents } from './compile-contents.js'
import { createContext } from './create-context.js'
import type { EngineOptions } from './engine-options.js'
import { openWaysIn } from './open-ways-in.js'
import { People } from '../directory/people.js'
import { openGround } from './open-ground.js'
import type { StoreClock } from './store-clock.js'
import { createTasks } from './create-tasks.js'
import { TaskRunner } from '../tasks/task-runner.js'
import { TriggerGate } from '../triggers/trigger-gate.js'
import { tellListener } from './tell-listener.js'
import { wireChannels } from './wire-channels.js'

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
  const { clock, worker, concurrency } = options
  const { ledger, history, state, book } = parts
  const { durable } = ledger.capabilities
  const ground = await openGround(options, channels, parts)
  const { pool, storeClock, nextId, keepAlive, hold, release, push, leases, deadlines, unfollow, ...rest } = ground
  const { splits, weighed, owner, stopping, aborting } = rest
  const waits = new SettledWaits({ clock, ledger, shared: durable || !worker, hold, release })
  let endedCount = 0
  const ended = (message: MessageRecord, to: Settled): void => {
    endedCount += 1
    waits.ended(message.id, to)
  }
  const health = await openHealth(options, channels, state, storeClock).catch((error: unknown) => {
    unfollow()
    throw error
  })
  const people = new People(options.directory, book)
  const own = { gates: gatesOf(options, state, book), directory: people.directory }
  const opened = { channels, contents, splits, weighed, ledger, pool, state, owner, nextId, leases, deadlines, health }
  const context = createContext({ ...options, ...own }, { ...opened, storeClock, stopping, aborting, push, ended })
  const turns = new Turns(clock)
  const tasks = createTasks(options, parts, context, people, hold, release)
  const runner = worker ? new TaskRunner(tasks) : undefined
  const dispatcher = runner && new Dispatcher(context, turns, { concurrency, hold, release, tasks: runner })
  const sweeper = new Sweeper({ clock, ledger, logger: options.logger, push, slowestMs: durable ? 1_000 : 30_000 })
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

  const used = { context, ledger, history, state, pool, accepts, waits, keepAlive, storeClock, dispatcher }
  const engine = { ...used, ...waysIn, tasks, book, people, nextId }
  const ending = { runner, options, parts, stopping, aborting, sweeper, leases, deadlines, unfollow }
  const close = (timeoutMs: number): Promise<void> => closeEngine({ ...engine, ...ending }, timeoutMs)
  return { ...engine, endedCount: () => endedCount, push, close }
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

function acceptedBy(waits: SettledWaits): (acceptance: Pick<Acceptance, 'ids' | 'deduplicated'>) => void {
  return ({ ids, deduplicated }) => {
    for (const [index, id] of ids.entries()) if (deduplicated[index] !== true) waits.accepted(id)
  }
}

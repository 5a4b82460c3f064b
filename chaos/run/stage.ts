import { seededRandom } from '@reachkit/testing'
import type { ProcessSettings } from '../app/settings.js'
import type { Programs } from '../process/programs.js'
import { Campaign } from './campaign.js'
import { Crew } from './crew.js'
import { noDamage } from './damage.js'
import type { Damage } from './damage.js'
import type { Journal } from './journal.js'
import { Lookup } from './lookup.js'
import type { ChaosOptions } from './options.js'
import { planBatches } from './plan.js'
import { Production } from './production.js'
import { poolBeside, startPool, startStore } from './servers.js'
import type { PoolServer, StoreServer } from './servers.js'
import { SinkProcess } from './sink-process.js'
import type { Supply } from './supply.js'

/** Everything that a run consists of, started. */
export interface Stage {
  readonly options: ChaosOptions
  readonly server: StoreServer
  readonly pool: PoolServer | undefined
  readonly sink: SinkProcess
  readonly crew: Crew
  readonly production: Supply
  /** The same, where it is a task. */
  readonly campaign: Campaign | undefined
  readonly lookup: Lookup
  readonly journal: Journal
  readonly damage: Damage
  /** Slots of a cluster that are under way to another node. */
  readonly moves: Set<Promise<void>>
  /** When the run is given up, in monotonic time. */
  readonly until: number
}

/** Children outlive the run's own time by this, so that it can still ask them. */
const spareMs = 150_000

async function poolOf({ store, pool }: ChaosOptions, server: StoreServer): Promise<PoolServer | undefined> {
  if (store === 'redis') return poolBeside(server, pool)
  return pool === 'bullmq' ? startPool() : undefined
}

/** Starts it. What has to be ended is put into `closing` as it comes. */
export async function setStage(
  options: ChaosOptions,
  programs: Programs,
  journal: Journal,
  closing: (() => Promise<void>)[],
): Promise<Stage> {
  const { store, mode, way, messages, delayMs, workers, envelopes, leaseMs, seed } = options
  const limitMs = options.limitMs + spareMs
  const keep = <Part extends { stop(): Promise<void> }>(part: Part): Part => {
    closing.push(() => part.stop())
    return part
  }
  const server = keep(await startStore(store))
  const pool = await poolOf(options, server)
  if (pool !== undefined) keep(pool)
  const sink = keep(
    await SinkProcess.start(programs.sink, { messages, delayMs, deduplicates: mode === 'dedupe' }, limitMs),
  )
  const settings: ProcessSettings = {
    store,
    url: server.url,
    poolUrl: pool?.url,
    mode,
    sinkPort: sink.port,
    worker: 'producer',
    isOld: false,
    envelopes,
    leaseMs,
    skewMs: 0,
  }
  const means = { settings, journal, limitMs }
  const random = seededRandom(seed)
  const campaign = way === 'task' ? new Campaign({ ...means, program: programs.planner }, messages) : undefined
  const batches = campaign === undefined ? planBatches(messages, random) : []
  const production: Supply = keep(campaign ?? new Production({ ...means, program: programs.producer, random }, batches))
  const crew = keep(new Crew({ ...means, program: programs.worker, sink }))
  await Promise.all([production.start(), crew.start(workers, campaign === undefined ? 0 : 1)])
  const lookup = keep(await Lookup.start(programs.reader, settings, limitMs))
  const damage = { ...noDamage }
  // Counted from here: on a busy machine it takes its time until all are there.
  const until = performance.now() + options.limitMs
  return { options, server, pool, sink, crew, production, campaign, lookup, journal, damage, moves: new Set(), until }
}

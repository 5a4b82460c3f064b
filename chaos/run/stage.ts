import { seededRandom } from '@reachkit/testing'
import type { ProcessSettings } from '../app/settings.js'
import type { Programs } from '../process/programs.js'
import { Crew } from './crew.js'
import type { Damage } from './damage.js'
import type { Journal } from './journal.js'
import { Lookup } from './lookup.js'
import type { ChaosOptions } from './options.js'
import { planBatches } from './plan.js'
import { Production } from './production.js'
import { poolBeside, startPool, startStore } from './servers.js'
import type { PoolServer, StoreServer } from './servers.js'
import { SinkProcess } from './sink-process.js'

/** Everything that a run consists of, started. */
export interface Stage {
  readonly options: ChaosOptions
  readonly server: StoreServer
  readonly pool: PoolServer | undefined
  readonly sink: SinkProcess
  readonly crew: Crew
  readonly production: Production
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
  const { store, mode, messages, delayMs, workers, envelopes, leaseMs, seed } = options
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
    envelopes,
    leaseMs,
    skewMs: 0,
  }
  const means = { settings, journal, limitMs }
  const random = seededRandom(seed)
  const batches = planBatches(messages, random)
  const production = keep(new Production({ ...means, program: programs.producer, random }, batches))
  const crew = keep(new Crew({ ...means, program: programs.worker, sink }))
  await Promise.all([production.start(), crew.start(workers)])
  const lookup = keep(await Lookup.start(programs.reader, settings, limitMs))
  const damage = { kills: 0, inTheAir: 0, stops: 0, restarts: 0, poolLosses: 0, moves: 0, producerKills: 0 }
  // Counted from here: on a busy machine it takes its time until all are there.
  const until = performance.now() + options.limitMs
  return { options, server, pool, sink, crew, production, lookup, journal, damage, moves: new Set(), until }
}

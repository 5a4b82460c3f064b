import { seededRandom } from '@reachkit/testing'
import { setTimeout as wait } from 'node:timers/promises'
import { driverConcurrency } from '../app/sink-driver.js'
import type { ProcessSettings } from '../app/settings.js'
import { Crew } from './crew.js'
import { Lookup } from './lookup.js'
import type { ChaosOptions } from './options.js'
import { planBatches, planEvents } from './plan.js'
import type { PlannedEvent } from './plan.js'
import { Production } from './production.js'
import { startPool, startStore } from './servers.js'
import type { PoolServer, StoreServer } from './servers.js'
import { SinkProcess } from './sink-process.js'
import { judge } from './verdict.js'
import type { Verdict } from './verdict.js'

/** What went wrong in a run, and how often. */
interface Damage {
  /** Of workers that held messages as `sending` at that moment. */
  kills: number
  /** Messages that the victims held as `sending`, in all. */
  inTheAir: number
  stops: number
  restarts: number
  poolLosses: number
  producerKills: number
}

export interface ChaosResult extends Damage, Verdict {
  readonly store: string
  readonly pool: string
  readonly mode: string
  readonly messages: number
  readonly seed: number
  readonly workers: number
  /** Batches that were handed in again after they had been accepted. */
  readonly repeated: number
  /** What the sink took for a copy. */
  readonly dropped: number
  readonly tookMs: number
}

/** As core cuts slices: a fifth of the driver's places is for P0, the rest is two slices. */
const sliceSize = Math.min(50, Math.ceil((driverConcurrency * 0.8) / 2))
const lookEveryMs = 20

interface Stage {
  readonly options: ChaosOptions
  readonly server: StoreServer
  readonly pool: PoolServer | undefined
  readonly sink: SinkProcess
  readonly crew: Crew
  readonly production: Production
  readonly lookup: Lookup
  readonly damage: Damage
  readonly until: number
}

/** One run of chaos, from its servers to its verdict. Everything that it starts is ended. */
export async function runChaos(options: ChaosOptions, say: (text: string) => void): Promise<ChaosResult> {
  const began = performance.now()
  const closing: (() => Promise<void>)[] = []
  try {
    const stage = await setUp(options, closing)
    const random = seededRandom(options.seed + 1)
    say(`${options.messages} messages, ${options.kills} kills, ${options.workers} workers on ${options.store}`)
    await inflict(stage, planEvents(options, stage.server.restart !== undefined, random), say)
    await settle(stage, say)
    await Promise.all([stage.crew.stop(), stage.production.stop()])
    return await resultOf(stage, performance.now() - began)
  } finally {
    for (const close of closing.toReversed()) await close().catch((error: unknown) => say(String(error)))
  }
}

async function setUp(options: ChaosOptions, closing: (() => Promise<void>)[]): Promise<Stage> {
  const { store, mode, messages, delayMs, workers, envelopes, leaseMs, limitMs, verbose, seed } = options
  const keep = <Part extends { stop(): Promise<void> }>(part: Part): Part => {
    closing.push(() => part.stop())
    return part
  }
  const server = keep(await startStore(store))
  const pool = options.pool === 'bullmq' ? keep(await startPool()) : undefined
  const sinkSettings = { messages, delayMs, deduplicates: mode === 'dedupe' }
  const sink = keep(await SinkProcess.start(sinkSettings, limitMs + 150_000))
  const settings: ProcessSettings = {
    store,
    url: server.url,
    // Redis as a store needs a pool beside it, which may be on the same server.
    poolUrl: pool?.url ?? (store === 'redis' ? server.url : undefined),
    mode,
    sinkPort: sink.port,
    worker: 'producer',
    envelopes,
    leaseMs,
    skewMs: 0,
    verbose,
  }
  const random = seededRandom(seed)
  const production = keep(new Production(settings, planBatches(messages, random), random, limitMs + 120_000))
  await production.start()
  const crew = keep(new Crew(settings, sink, limitMs + 120_000))
  await crew.start(workers)
  const lookup = keep(await Lookup.start(settings, limitMs + 120_000))
  const damage = { kills: 0, inTheAir: 0, stops: 0, restarts: 0, poolLosses: 0, producerKills: 0 }
  // Counted from here: on a busy machine it takes its time until all are there.
  const until = performance.now() + limitMs
  return { options, server, pool, sink, crew, production, lookup, damage, until }
}

/** Feeds the run, and lets each event happen when its time has come. */
async function inflict(stage: Stage, events: readonly PlannedEvent[], say: (text: string) => void): Promise<void> {
  const { sink, production, options } = stage
  const left = [...events]
  let reached = 0
  let progressAt = performance.now()
  while ((left.length > 0 || !production.isDone) && performance.now() < stage.until) {
    const report = await sink.report()
    if (report.reached > reached) progressAt = performance.now()
    reached = report.reached
    // A fifth of the audience waits at any time.
    production.feed(reached + Math.max(2_000, options.messages / 5))
    const next = left[0]
    if (next !== undefined && reached >= next.at) {
      if (await happens(stage, next)) {
        left.shift()
        say(`${reached} reached: ${next.kind}`)
      }
    }
    // Nothing moves any more, so nothing can be met any more.
    if (production.isDone && performance.now() - progressAt > 10 * options.leaseMs) return
    await wait(lookEveryMs)
  }
}

/** False where it has to be tried again. */
async function happens(stage: Stage, { kind, pick, backAfterMs }: PlannedEvent): Promise<boolean> {
  const { damage, crew, production, server, pool } = stage
  switch (kind) {
    case 'kill': {
      const held = await crew.kill(pick, backAfterMs)
      if (held === 0) return false
      damage.inTheAir += held
      damage.kills += 1
      return true
    }
    case 'stop': {
      const stopped = await crew.freeze(pick)
      if (stopped) damage.stops += 1
      return stopped
    }
    case 'kill-producer':
      production.kill(backAfterMs)
      damage.producerKills += 1
      return true
    case 'restart':
      await server.restart?.()
      damage.restarts += 1
      return true
    case 'lose-pool':
      await pool?.clear()
      damage.poolLosses += 1
      return true
  }
}

/** Waits until every message is done or held. */
async function settle({ production, lookup, until }: Stage, say: (text: string) => void): Promise<void> {
  let open: readonly string[] = production.ids.filter((id) => id !== undefined)
  while (open.length > 0 && performance.now() < until) {
    const before = open.length
    open = await lookup.stillOpen(open)
    if (open.length === before) {
      say(`${open.length} are not done yet`)
      await wait(500)
    }
  }
}

async function resultOf(stage: Stage, tookMs: number): Promise<ChaosResult> {
  const { options, sink, crew, production, lookup, damage } = stage
  const accepted = production.ids.filter((id) => id !== undefined)
  const known = await lookup.states(accepted)
  const stateById = new Map(accepted.map((id, index) => [id, known[index] ?? 'absent']))
  const verdict = judge(options, {
    states: production.ids.map((id) => (id === undefined ? 'not accepted' : (stateById.get(id) ?? 'absent'))),
    got: await sink.all(),
    kills: damage.kills,
    changedIds: production.changedIds,
    perKill: sliceSize * options.envelopes,
    failures: [...crew.failures, ...production.failures],
  })
  const { store, pool, mode, messages, seed, workers } = options
  const { dropped } = await sink.report()
  const { repeated } = production
  return {
    store,
    pool,
    mode,
    messages,
    seed,
    workers,
    ...damage,
    repeated,
    dropped,
    ...verdict,
    tookMs: Math.round(tookMs),
  }
}

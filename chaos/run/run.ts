import { seededRandom } from '@reachkit/testing'
import { setTimeout as wait } from 'node:timers/promises'
import { driverConcurrency } from '../app/sink-driver.js'
import type { Programs } from '../process/programs.js'
import type { Damage } from './damage.js'
import { checkReport, statesOfTask } from './end-of-task.js'
import { explainSuspects } from './explain.js'
import { happens } from './happens.js'
import { Journal } from './journal.js'
import type { ChaosOptions } from './options.js'
import { planEvents } from './plan.js'
import type { PlannedEvent } from './plan.js'
import { setStage } from './stage.js'
import type { Stage } from './stage.js'
import { judge } from './verdict.js'
import type { Observed, Verdict } from './verdict.js'

export interface ChaosResult extends Damage, Verdict {
  readonly store: string
  readonly pool: string
  readonly mode: string
  readonly way: string
  readonly messages: number
  readonly seed: number
  readonly workers: number
  /** Batches that were handed in again after they had been accepted. */
  readonly repeated: number
  /** What the sink took for a copy. */
  readonly dropped: number
  /** Warnings and errors that the processes logged, by their text. */
  readonly logged: Readonly<Record<string, number>>
  /** From the first message to the last one that was sent or held. */
  readonly workedMs: number
  readonly tookMs: number
}

/** As core cuts slices: a fifth of the driver's places is for P0, the rest is two slices. */
const sliceSize = Math.min(50, Math.ceil((driverConcurrency * 0.8) / 2))
const lookEveryMs = 20

export interface RunMeans {
  readonly programs: Programs
  readonly say: (text: string) => void
  /** Says what processes log, too. */
  readonly verbose: boolean
}

/** One run of chaos, from its servers to its verdict. Everything that it starts is ended. */
export async function runChaos(options: ChaosOptions, { programs, say, verbose }: RunMeans): Promise<ChaosResult> {
  const began = performance.now()
  const closing: (() => Promise<void>)[] = []
  const journal = new Journal(say, verbose)
  try {
    const stage = await setStage(options, programs, journal, closing)
    const workedFrom = performance.now()
    const random = seededRandom(options.seed + 1)
    journal.note(`${options.messages} messages, ${options.kills} kills, ${options.workers} workers on ${options.store}`)
    await inflict(stage, planEvents(options, stage, random))
    await Promise.all(stage.moves)
    const states = await settledStates(stage)
    const workedMs = Math.round(performance.now() - workedFrom)
    await Promise.all([stage.crew.stop(), stage.production.stop()])
    const result = await resultOf(stage, states, workedMs)
    return { ...result, tookMs: Math.round(performance.now() - began) }
  } finally {
    for (const close of closing.toReversed()) await close().catch((error: unknown) => say(String(error)))
  }
}

/** Feeds the run, and lets each event happen when its time has come. */
async function inflict(stage: Stage, events: readonly PlannedEvent[]): Promise<void> {
  const { sink, production, options, journal } = stage
  const left = [...events]
  let reached = 0
  let progressAt = performance.now()
  while ((left.length > 0 || !production.isDone) && performance.now() < stage.until) {
    const report = await sink.report()
    // While its slot moves, a store answers nobody for a while.
    if (report.reached > reached || stage.moves.size > 0) progressAt = performance.now()
    reached = report.reached
    // A fifth of the audience waits at any time.
    production.feed(reached + Math.max(2_000, options.messages / 5))
    const next = left[0]
    if (next !== undefined && reached >= next.at) {
      if (await happens(stage, next)) {
        left.shift()
        journal.note(`${reached} reached: ${next.kind}`)
      }
    }
    // Nothing moves any more, so nothing can be met any more.
    if (production.isDone && performance.now() - progressAt > 10 * options.leaseMs) return
    await wait(lookEveryMs)
  }
}

/** Waits until every message is done or held. */
async function settle({ production, lookup, until, journal }: Stage): Promise<void> {
  let open: readonly string[] = production.ids.filter((id) => id !== undefined)
  while (open.length > 0 && performance.now() < until) {
    const before = open.length
    open = await lookup.stillOpen(open)
    if (open.length === before) {
      journal.note(`${open.length} are not done yet`)
      await wait(500)
    }
  }
}

async function resultOf(
  stage: Stage,
  states: readonly string[],
  workedMs: number,
): Promise<Omit<ChaosResult, 'tookMs'>> {
  const { options, sink, production, damage, journal } = stage
  const seen = await observe(stage, states)
  const verdict = judge(options, seen)
  if (!verdict.holds) await explainSuspects(stage, seen, verdict)
  const { store, pool, mode, way, messages, seed, workers } = options
  const { dropped } = await sink.report()
  const { repeated } = production
  const run = { store, pool, mode, way, messages, seed, workers, ...damage, repeated, dropped }
  return { ...run, ...verdict, logged: journal.counts, workedMs }
}

async function observe(stage: Stage, states: readonly string[]): Promise<Observed> {
  const { options, sink, crew, production, damage } = stage
  return {
    states,
    got: await sink.all(),
    kills: damage.kills,
    changedIds: production.changedIds,
    leaked: damage.leaked,
    perKill: sliceSize * options.envelopes,
    failures: [...crew.failures, ...production.failures],
  }
}

/** The state of each recipient's message, once all are done or held. */
async function settledStates(stage: Stage): Promise<readonly string[]> {
  const { campaign, production, lookup } = stage
  if (campaign !== undefined) {
    const states = await statesOfTask(campaign, stage)
    await checkReport(campaign, states)
    return states
  }
  await settle(stage)
  const accepted = production.ids.filter((id) => id !== undefined)
  const known = await lookup.states(accepted)
  const stateById = new Map(accepted.map((id, index) => [id, known[index] ?? 'absent']))
  return production.ids.map((id) => (id === undefined ? 'not accepted' : (stateById.get(id) ?? 'absent')))
}

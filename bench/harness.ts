import { report } from './harness/report.js'
import type { Measure } from './harness/report.js'
import { interleave } from './harness/rounds.js'
import type { CpuClock, Round, Work } from './harness/rounds.js'
import { settings } from './harness/settings.js'
import { spreadOf } from './harness/statistics.js'

export { inFlight } from './harness/in-flight.js'
export { settings } from './harness/settings.js'

/** Ours beside a peer that does the same work. */
export interface Comparison {
  /** `<bench>/<peer>` */
  readonly name: string
  readonly ours: Work
  readonly peer: Work
  /** What a round of either side does, unless `--messages` says otherwise. */
  readonly messages: number
  /** What is counted: 'messages' unless told. */
  readonly of?: string
  /** Where other processes do the work: CPU time of all of them. Of this process unless told. */
  readonly cpuMs?: CpuClock
  /** The ratio to reach. */
  readonly atLeast?: number
  /** 7 unless told, or `--rounds`. */
  readonly rounds?: number
}

/**
 * Measures and reports how many times more ours does in a second than the peer. The ratio is the median of the rounds'
 * own ratios: the two sides of a round ran side by side, so that it is steadier than the rates it is made of.
 */
export async function compare(comparison: Comparison): Promise<void> {
  const { name, of = 'messages' } = comparison
  const messages = settings.messages ?? comparison.messages
  const pairs = await interleave(comparison, settings.rounds ?? comparison.rounds ?? 7, messages)
  const rateOf = ({ wallMs }: Round) => (messages * 1000) / wallMs
  const microsOf = ({ cpuMs }: Round) => (cpuMs * 1000) / messages
  const ours = spreadOf(pairs.map((pair) => rateOf(pair.ours)))
  const peer = spreadOf(pairs.map((pair) => rateOf(pair.peer)))
  const ratio = spreadOf(pairs.map((pair) => pair.peer.wallMs / pair.ours.wallMs))
  report({
    name,
    ours: ours.median,
    peer: peer.median,
    ratio: ratio.median,
    unit: `${of}/s`,
    rounds: pairs.length,
    oursMin: ours.min,
    oursMax: ours.max,
    peerMin: peer.min,
    peerMax: peer.max,
    ratioMin: ratio.min,
    ratioMax: ratio.max,
    messages,
    oursCpuMicros: spreadOf(pairs.map((pair) => microsOf(pair.ours))).median,
    peerCpuMicros: spreadOf(pairs.map((pair) => microsOf(pair.peer))).median,
    cpuRatio: spreadOf(pairs.map((pair) => pair.peer.cpuMs / pair.ours.cpuMs)).median,
    ...barOf(comparison.atLeast, ratio.median),
  })
}

/** What one round measured. */
export interface Sample {
  readonly value: number
  /** Where the value is CPU time: the time that passed, in the same unit. Reported beside it, and held against no limit. */
  readonly wall?: number
}

/** Something that must stay on one side of a limit. */
export interface Limit {
  /** `<bench>/<limit>` */
  readonly name: string
  readonly unit: string
  readonly limit: number
  /** 'most' where the measure must not exceed the limit, 'least' where it must reach it. 'most' unless told. */
  readonly kind?: 'most' | 'least'
  readonly measure: (round: number) => Sample | Promise<Sample>
  /** 7 unless told, or `--rounds`. */
  readonly rounds?: number
}

/** Measures and reports how far a median is from its limit, which is missed below a ratio of 1. */
export async function withinLimit({ name, unit, limit, kind = 'most', measure, ...given }: Limit): Promise<void> {
  const rounds = settings.rounds ?? given.rounds ?? 7
  const samples: Sample[] = []
  for (let round = 0; round < rounds; round++) samples.push(await measure(round))
  const { median, min, max } = spreadOf(samples.map(({ value }) => value))
  const walls = samples.flatMap(({ wall }) => wall ?? [])
  const ratio = kind === 'most' ? limit / median : median / limit
  report({
    name,
    ours: median,
    peer: limit,
    ratio,
    unit,
    rounds,
    oursMin: min,
    oursMax: max,
    ...(walls.length > 0 && { oursWall: spreadOf(walls).median }),
    ...barOf(1, ratio),
  })
}

function barOf(atLeast: number | undefined, ratio: number): Pick<Measure, 'atLeast' | 'met'> {
  return atLeast === undefined ? {} : { atLeast, met: ratio >= atLeast }
}

import type { Duration } from '../duration/index.js'
import { OptionReader } from '../options/index.js'

/**
 * When a provider counts as ill. Weights follow that wherever a channel has several providers (`weighted`, `failover`):
 * an ill one loses weight in steps, and has it back in steps once it is well.
 */
export interface HealthOptions {
  /** How far back attempts count, by all processes together; `'1m'` unless told. Nothing moves twice within it. */
  readonly window?: Duration | undefined
  /** Attempts in a window below which nobody is judged; 50 unless told. */
  readonly attempts?: number | undefined
  /**
   * The part of the attempts that may fail, from 0 to 1; 0.2 unless told. `retry` and `unknown` are failures; what was
   * rejected for good is the message's own fault. At half of it a provider is well again.
   */
  readonly errorRate?: number | undefined
  /** An attempt that takes longer is slow; `'5s'` unless told. */
  readonly slow?: Duration | undefined
  /** The part of the attempts that may be slow, from 0 to 1; 0.5 unless told. */
  readonly slowRate?: number | undefined
  /** How many attempts each process lets a provider have in a window once it has lost all its weight; 3 unless told. */
  readonly probes?: number | undefined
}

/** The same, checked, with every default filled in. */
export interface HealthSettings {
  readonly windowMs: number
  readonly attempts: number
  readonly errorRate: number
  readonly slowMs: number
  readonly slowRate: number
  readonly probes: number
}

const fields = ['window', 'attempts', 'errorRate', 'slow', 'slowRate', 'probes']

/**
 * Undefined where weights follow nothing.
 * @throws ReachError `REACH_OPTION_INVALID`
 */
export function parseHealthOptions(options: unknown): HealthSettings | undefined {
  if (options === false) return undefined
  const given = options === undefined || options === true ? {} : options
  const reader = new OptionReader('REACH_OPTION_INVALID', 'createReach: health', given, fields)
  return {
    windowMs: reader.durationMs('window', 6_000) ?? 60_000,
    attempts: reader.whole('attempts', 1) ?? 50,
    errorRate: rate(reader, 'errorRate') ?? 0.2,
    slowMs: reader.durationMs('slow', 1) ?? 5_000,
    slowRate: rate(reader, 'slowRate') ?? 0.5,
    probes: reader.whole('probes', 1) ?? 3,
  }
}

function rate(reader: OptionReader, field: string): number | undefined {
  const value = reader.raw(field)
  if (value === undefined) return undefined
  if (typeof value === 'number' && value > 0 && value <= 1) return value
  return reader.refuse(field, 'a number above 0 and at most 1')
}

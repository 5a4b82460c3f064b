import type { Duration } from '../duration/index.js'
import { OptionReader } from '../options/index.js'

/** How much is asked of the place where an app keeps its people. */
export interface GuardOptions {
  /** Reads under way at once, in this process. Default 4. */
  readonly concurrency?: number
  /** After this long a read counts as failed. What waits for its turn longer than that is given up. Default `5s`. */
  readonly timeout?: Duration
  /** After so many failures in a row it is left alone for a while: 5 and `5s` unless told. */
  readonly breaker?: { readonly failures?: number; readonly pause?: Duration } | false
  /** How long what was read of a person counts. Who is unknown is asked for each time. Default `1s`. */
  readonly cache?: Duration | false
}

export const guardOptionNames: readonly string[] = ['concurrency', 'timeout', 'breaker', 'cache']

/** Of the options of an adapter, those of its guard. */
export function pickGuardOptions(options: GuardOptions): GuardOptions {
  const given = Object.entries(options).filter(
    ([name, value]) => guardOptionNames.includes(name) && value !== undefined,
  )
  return Object.fromEntries(given)
}

export interface GuardSettings {
  readonly concurrency: number
  readonly timeoutMs: number
  readonly breaker: { readonly failures: number; readonly pauseMs: number } | undefined
  /** 0 for no cache. */
  readonly cacheMs: number
}

/** @throws ReachError `REACH_OPTION_INVALID` naming the field that is wrong. */
export function readGuardOptions(subject: string, options: unknown): GuardSettings {
  const reader = new OptionReader('REACH_OPTION_INVALID', subject, options, guardOptionNames)
  return {
    concurrency: reader.whole('concurrency', 1) ?? 4,
    timeoutMs: reader.durationMs('timeout', 1) ?? 5_000,
    breaker: reader.raw('breaker') === false ? undefined : readBreaker(subject, reader.raw('breaker') ?? {}),
    cacheMs: reader.raw('cache') === false ? 0 : (reader.durationMs('cache') ?? 1_000),
  }
}

function readBreaker(subject: string, options: unknown): { failures: number; pauseMs: number } {
  const reader = new OptionReader('REACH_OPTION_INVALID', `${subject}: breaker`, options, ['failures', 'pause'])
  return { failures: reader.whole('failures', 1) ?? 5, pauseMs: reader.durationMs('pause', 1) ?? 5_000 }
}

import type { CircuitBreakerPolicy } from 'cockatiel'
import { ReachError } from '../spec/index.js'
import type { GuardSettings } from './guard-options.js'

/** Does the work, unless it failed too often of late. What the caller himself has ended is no failure. */
export type Breaker = <Result>(work: () => Promise<Result>, caller: AbortSignal) => Promise<Result>

/** Counts failures in a row; after a pause one call tries, and the others wait for what becomes of it. */
export function createBreaker(settings: GuardSettings['breaker']): Breaker {
  if (settings === undefined) return async (work) => work()
  let loading: Promise<CircuitBreakerPolicy> | undefined
  return async (work, caller) => {
    loading ??= loadPolicy(settings.failures, settings.pauseMs)
    const policy = await loading
    try {
      return await policy.execute(() => work().catch((error: unknown) => counted(error, caller)))
    } catch (error) {
      throw translated(error)
    }
  }
}

/** The caller ended it: neither a success nor a failure. */
class Ended extends Error {}

function counted(error: unknown, caller: AbortSignal): never {
  throw caller.aborted ? new Ended('ended', { cause: error }) : error
}

async function loadPolicy(failures: number, pauseMs: number): Promise<CircuitBreakerPolicy> {
  const { ConsecutiveBreaker, circuitBreaker, handleWhen } = await import('cockatiel')
  const isFailure = handleWhen((error) => !(error instanceof Ended))
  return circuitBreaker(isFailure, { halfOpenAfter: pauseMs, breaker: new ConsecutiveBreaker(failures) })
}

function translated(error: unknown): unknown {
  if (error instanceof Ended) return error.cause
  if (!(error instanceof Error && 'isBrokenCircuitError' in error)) return error
  const text = 'the directory or audience failed several times in a row, and is left alone for a while'
  return new ReachError('REACH_DIRECTORY_UNAVAILABLE', text)
}

import { begun } from '../io/rejected.js'
import { ReachError } from '../spec/index.js'
import { createBreaker, type Breaker } from './breaker.js'
import { type GuardOptions, type GuardSettings, readGuardOptions } from './guard-options.js'
import { Slots } from './slots.js'

/** Holds reads of the app's own people to what the place where they are kept can bear. */
export interface Guard {
  readonly settings: GuardSettings
  /**
   * One read: at its turn, within the time-out, and not while the breaker is open. `work` is given a signal that ends with
   * the given one or with the time-out. Rejects with what `work` rejects with, with the reason of the given signal, or
   * with `REACH_DIRECTORY_UNAVAILABLE`.
   */
  run<Result>(work: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result>
}

/**
 * One guard for a directory and the audiences beside it, which then share its bounds.
 * @throws ReachError `REACH_OPTION_INVALID` naming the field that is wrong.
 */
export function createGuard(options: GuardOptions = {}): Guard {
  return new SourceGuard(readGuardOptions('createGuard', options))
}

export function isGuard(value: unknown): value is Guard {
  return value instanceof SourceGuard
}

class SourceGuard implements Guard {
  readonly settings: GuardSettings
  readonly #slots: Slots
  readonly #breaker: Breaker

  constructor(settings: GuardSettings) {
    this.settings = settings
    this.#slots = new Slots(settings.concurrency)
    this.#breaker = createBreaker(settings.breaker)
  }

  async run<Result>(work: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const { timeoutMs, concurrency } = this.settings
    const busy = `is busy: ${concurrency} reads at once are under way, and this one waited ${timeoutMs} ms for its turn`
    const giveBack = await within(timeoutMs, busy, signal, (end) => this.#slots.take(end))
    let answer: Promise<Result> | undefined
    try {
      return await this.#breaker(
        () =>
          within(
            timeoutMs,
            `did not answer within ${timeoutMs} ms`,
            signal,
            (end) => (answer = begun(() => work(end))),
          ),
        signal,
      )
    } finally {
      // What goes on after its time-out keeps its place for as long again: it still is a burden.
      if (answer === undefined) giveBack()
      else void settledWithin(timeoutMs, answer).then(giveBack)
    }
  }
}

/** Work that is given up after so long, or with the signal: its own signal tells it so. */
async function within<Result>(
  ms: number,
  late: string,
  signal: AbortSignal,
  work: (end: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted()
  const ending = new AbortController()
  const follow = (): void => ending.abort(signal.reason)
  signal.addEventListener('abort', follow, { once: true })
  const timer = setTimeout(() => {
    ending.abort(new ReachError('REACH_DIRECTORY_UNAVAILABLE', `the directory or audience ${late}`))
  }, ms)
  try {
    return await Promise.race([rejectedWith(ending.signal), work(ending.signal)])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', follow)
  }
}

function rejectedWith(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

/** Resolves when the work is over, however it ended; after so long in any case. */
function settledWithin(ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    // Nobody waits for it but others that want its place.
    timer.unref()
    const over = (): void => {
      clearTimeout(timer)
      resolve()
    }
    work.then(over, over)
  })
}

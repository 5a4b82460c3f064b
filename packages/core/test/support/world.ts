import type { Clock, Logger, Random, Store } from '@reachkit/core'
import { afterEveryTest } from '../../../../test/support/every-test.js'
import { storeOfRun } from './test-store.js'
import { seededRandom, virtualClock } from './testing.js'
import type { VirtualClock } from './testing.js'

export interface LogLine {
  readonly level: keyof Logger
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

/** What a test hands in: time that stands still, chance that repeats itself, a log that is kept; a store where the run has one. */
export interface World {
  readonly clock: VirtualClock
  readonly lines: LogLine[]
  readonly base: { readonly clock: Clock; readonly random: Random; readonly logger: Logger; readonly store?: Store }
  /** Stops it when the test is over. */
  readonly open: <T extends Stoppable>(reach: T) => T
  /** Lets time pass until the promise is settled, and answers it; rejects where that takes longer than `mostMs`. */
  readonly until: <T>(promise: Promise<T>, mostMs?: number, stepMs?: number) => Promise<T>
}

interface Stoppable {
  readonly stop: (options?: { readonly timeout?: '0s' }) => Promise<void>
}

const closings: (() => Promise<void>)[] = []
afterEveryTest(async () => {
  for (const close of closings.splice(0)) await close()
})

export function createWorld(seed = 1): World {
  const clock = virtualClock('2026-06-01T12:00:00Z')
  const lines: LogLine[] = []
  return {
    clock,
    lines,
    base: { clock, random: seededRandom(seed), logger: recordingLogger(lines), ...storeOfRun() },
    open(reach) {
      closings.push(async () => {
        const stopped = reach.stop({ timeout: '0s' }).catch(() => {})
        await passTime(clock, stopped, 60_000, 500)
      })
      return reach
    },
    async until(promise, mostMs = 60_000, stepMs = 100) {
      promise.catch(() => {})
      await passTime(clock, promise, mostMs, stepMs)
      return Promise.race([promise, refuse(mostMs)])
    },
  }
}

export function recordingLogger(lines: LogLine[]): Logger {
  const keep = (level: keyof Logger) => (fields: LogLine['fields'], message: string) => {
    lines.push({ level, fields, message })
  }
  return { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') }
}

async function passTime(clock: VirtualClock, promise: Promise<unknown>, mostMs: number, stepMs: number): Promise<void> {
  const state = { done: false }
  const end = (): void => {
    state.done = true
  }
  promise.then(end, end)
  await clock.advance(0)
  for (let passed = 0; !state.done && passed < mostMs; passed += stepMs) await clock.advance(stepMs)
}

function refuse(ms: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setImmediate(() => reject(new Error(`not settled after ${ms} ms`)))
  })
}

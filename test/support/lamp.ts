import { channel, message, sent } from '@reachkit/core'
import type { DeliveryOutcome } from '@reachkit/core'
import type { Clock, Logger, StoreContext } from '@reachkit/core/spec'
import { randomBytes } from 'node:crypto'

type Validate<T> = (value: unknown) => { readonly value: T }
interface Schema<T> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: Validate<T>
    readonly types?: { readonly input: T; readonly output: T }
  }
}

/** A schema that takes whatever it is given. */
export function anything<T>(): Schema<T> {
  return { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as T }) } }
}

interface LampRequest {
  readonly id: string
  readonly to: string
  readonly content: { readonly text: string }
}

/** A channel of tests, whose address is any text. `deduplicates`: `deliver` drops what it was asked before. */
export function lamp(
  deliver: (request: LampRequest) => DeliveryOutcome | Promise<DeliveryOutcome> = () => sent(),
  capabilities: { readonly deduplicates?: boolean; readonly concurrency?: number } = {},
) {
  return channel({
    name: 'lamp',
    capabilities,
    address: anything<string>(),
    content: anything<{ text: string }>(),
    deliver: async (request) => deliver(request),
  })
}

export const note = message('note', { data: anything<{ text: string }>(), content: { lamp: { text: '{{ text }}' } } })

export interface LogLine {
  readonly level: keyof Logger
  readonly fields: Readonly<Record<string, unknown>>
  readonly text: string
}

export function recordingLogger(lines: LogLine[] = []): Logger {
  const at =
    (level: LogLine['level']) =>
    (fields: object, text: string): void =>
      void lines.push({ level, fields: { ...fields }, text })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Real time, real chance, no log. */
export const realContext: StoreContext = {
  clock: realClock(),
  random: { next: Math.random, bytes: (length) => randomBytes(length) },
  logger: recordingLogger(),
}

function realClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimer(delayMs, callback) {
      const timer = setTimeout(callback, delayMs)
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}

/** Until the check passes; with what it threw last where it does not in time. */
export async function eventually(check: () => unknown, mostMs = 30_000): Promise<void> {
  const until = performance.now() + mostMs
  for (;;) {
    try {
      await check()
      return
    } catch (error) {
      if (performance.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

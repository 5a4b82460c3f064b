import { createReach, message } from '@reachkit/core'
import type { Clock, Logger, PoolSource, Store } from '@reachkit/core/spec'
import { z } from 'zod'
import { everyone } from './everyone.js'
import { recipientNumber } from './recipient-id.js'
import { sinkChannel } from './sink-driver.js'

/** How the sink and the message type deal with what nobody knows. */
export type Mode = 'dedupe' | 'hold' | 'resend'

export interface AppOptions {
  readonly mode: Mode
  readonly sinkPort: number
  readonly worker: string
  readonly works: boolean
  /** Of the release before: it knows neither the message type nor the audience. */
  readonly isOld: boolean
  /** Envelopes that a worker works on at once. */
  readonly envelopes: number
  readonly leaseMs: number
  /** How much the clock of this process is off. */
  readonly skewMs: number
  readonly store: Store
  readonly pool: PoolSource | undefined
  readonly logger: Logger
}

/** The application: one message type, one channel. Each process of a run has one. */
export function createApp(options: AppOptions) {
  const { mode, sinkPort, worker, works, isOld, envelopes, leaseMs, skewMs, store, pool, logger } = options
  const key = (isOld ? 'chaos.before' : 'chaos.note') as 'chaos.note'
  const note = message(key, {
    data: z.object({ batch: z.number(), text: z.string() }),
    content: { sink: { text: '{{ batch }}: {{ text }}' } },
    onUnknown: mode === 'resend' ? 'resend' : 'hold',
    // Each death costs an attempt; none of them may be the last.
    retry: { attempts: 50, base: '200ms', cap: '1s' },
  })
  return createReach({
    messages: [note],
    channels: { sink: sinkChannel(sinkPort, worker, mode === 'dedupe') },
    directory: async (ids) => ids.map((id) => ({ id, addresses: { sink: String(recipientNumber(id)) } })),
    audiences: isOld ? [] : [everyone(sinkPort, worker)],
    store,
    pool,
    worker: works,
    concurrency: envelopes,
    lease: `${leaseMs}ms`,
    clock: skewedClock(skewMs),
    logger,
  })
}

/** The machine's clock, but for how late it says it is. */
function skewedClock(skewMs: number): Clock {
  return {
    now: () => Date.now() + skewMs,
    monotonic: () => performance.now(),
    setTimer(delayMs, callback) {
      const timer = setTimeout(callback, delayMs)
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}

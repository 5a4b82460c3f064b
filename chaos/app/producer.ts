// A process that only accepts: it hands in the batches that it is told, and answers with their ids.
import type { Lane } from '@reachkit/core'
import { isReachError } from '@reachkit/core/spec'
import { setTimeout as wait } from 'node:timers/promises'
import { liveWithParent, tellParent } from '../process/child-life.js'
import { recipientId } from './recipient-id.js'
import { startApp } from './from-settings.js'
import type { ProcessSettings } from './settings.js'

/** Recipients from `start` on, as one call. */
export interface BatchMessage {
  readonly kind: 'batch'
  readonly index: number
  readonly start: number
  readonly count: number
  readonly lane: Lane
  readonly tenant: string
}

export interface BatchAccepted {
  readonly kind: 'accepted'
  readonly index: number
  readonly ids: readonly string[]
}

liveWithParent()
const settings = JSON.parse(process.argv[2] ?? '{}') as ProcessSettings
const app = await startApp(settings, false)
const text = 'x'.repeat(200)

/** As a caller does that cannot tell whether its call arrived: again, with the same key. */
async function handIn({ index, start, count, lane, tenant }: BatchMessage): Promise<void> {
  const recipients = Array.from({ length: count }, (_, offset) => recipientId(start + offset))
  for (;;) {
    try {
      const options = { idempotencyKey: 'once', priority: lane, tenant }
      const { ids } = await app.notify('chaos.note', recipients, { batch: index, text }, options)
      return tellParent({ kind: 'accepted', index, ids } satisfies BatchAccepted)
    } catch (error) {
      if (!isReachError(error, 'REACH_STORE_UNAVAILABLE')) throw error
      await wait(100)
    }
  }
}

process.on('message', (message: BatchMessage) => void handIn(message))
process.once('SIGTERM', () => {
  void app.stop({ timeout: '5s' }).finally(() => process.exit(0))
})
tellParent({ kind: 'started' })

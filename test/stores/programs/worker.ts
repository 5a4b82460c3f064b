// A worker that notes each delivery in a file, until it is killed.
import { createReach, message, sent } from '@reachkit/core'
import { appendFileSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { budgetGate } from '../../support/budget-gate.js'
import { storeAt } from '../../support/durable-stores.js'
import type { StorePlace } from '../../support/durable-stores.js'
import { anything, lamp, realContext } from '../../support/lamp.js'
import { settings } from '../../support/program-parent.js'

interface WorkerSettings {
  readonly place: StorePlace
  /** A line for each delivery: the id and the address. */
  readonly deliveries: string
  /** Whether each delivery takes one of the budget. */
  readonly budget: boolean
  /** Whether the same message is noted once, however often it comes: as a provider does that knows idempotency keys. */
  readonly deduplicates: boolean
}

const { place, deliveries, budget, deduplicates } = settings() as WorkerSettings
const parts = await storeAt(place).open({ ...realContext, otherPool: true })
const reach = createReach({
  messages: [
    message('note', {
      data: anything<{ text: string }>(),
      content: {
        lamp: ({ text }) => {
          // What a bug of the app, or of a library that it uses, may do.
          if (text === 'poison') process.kill(process.pid, 'SIGKILL')
          return { text }
        },
      },
    }),
  ],
  channels: {
    lamp: lamp(
      async ({ id, to }) => {
        await delay(10)
        const line = `${id} ${to}\n`
        if (!deduplicates || !readFileSync(deliveries, 'utf8').includes(line)) appendFileSync(deliveries, line)
        return sent()
      },
      // Few in the air: a kill holds them, and those count for the budget too.
      { deduplicates, concurrency: 10 },
    ),
  },
  store: storeAt(place, { poolLease: '2s', pushAgain: '500ms' }),
  gates: budget ? [budgetGate(parts.state)] : [],
  lease: '1s',
})
await reach.start()
process.on('disconnect', () => process.exit())
process.send?.('ready')

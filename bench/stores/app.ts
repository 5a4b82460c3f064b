import { channel, createReach, sent } from '@reachkit/core'
import type { Gate } from '@reachkit/core/spec'
import type { RedisStoreOptions } from '@reachkit/store-redis'
import { z } from 'zod'
import { orderOf, orderPaid } from '../notify-memory/bench-message.js'
import { openStore } from './open.js'
import type { StoreName } from './servers.js'

export interface AppSettings {
  readonly store: StoreName
  readonly url: string
  readonly works: boolean
  /** False for a store that may keep less than its class. */
  readonly durable?: boolean
  readonly redis?: RedisStoreOptions
}

export interface AppParts {
  readonly gates?: readonly Gate[]
  readonly onSent: () => void
}

const people = 10_000

/** The application that most benches run: the bench message, and a channel whose every attempt succeeds at once. */
export function createApp({ store, url, works, durable, redis }: AppSettings, { gates = [], onSent }: AppParts) {
  let sentSoFar = 0
  const nowhere = channel({
    name: 'nowhere',
    address: z.string(),
    content: z.object({ subject: z.string(), text: z.string() }),
    deliver: async () => {
      onSent()
      // Vendors give each message an id of its own, and history finds it by that.
      return sent(`${process.pid}-${sentSoFar++}`)
    },
  })
  const reach = createReach({
    messages: [orderPaid],
    channels: { nowhere },
    directory: async (ids) => ids.map((id) => ({ id, addresses: { nowhere: `address-${id}` } })),
    ...openStore(store, url, durable, redis),
    worker: works,
    gates,
    logger: { debug() {}, info() {}, warn: complain, error: complain },
  })
  let next = 0
  return {
    reach,
    /** Accepts one message, and answers when the store has it. */
    notify: async (): Promise<void> => {
      const n = next++
      await reach.notify('order.paid', `user-${n % people}`, orderOf(n))
    },
  }
}

let complaints = 0

/** The first of them are enough to see that a measure is none. */
function complain(fields: object, text: string): void {
  if (complaints++ < 5) console.error(`${process.pid}: ${text} ${JSON.stringify(fields)}`)
}

import type { PoolSource, Store } from '@reachkit/core/spec'
import { bullmq, redis } from '@reachkit/store-redis'
import type { RedisStoreOptions } from '@reachkit/store-redis'
import { mysql, postgres, sqlite } from '@reachkit/store-sql'
import type { StoreName } from './servers.js'

export interface Opened {
  readonly store: Store
  readonly pool?: PoolSource
}

/** The store at this address as it comes; Redis with its pool on BullMQ, each under the same prefix: two pools of one prefix are one. */
export function openStore(name: StoreName, url: string, durable = true, redisOptions: RedisStoreOptions = {}): Opened {
  switch (name) {
    case 'sqlite':
      return { store: sqlite({ path: url, durable }) }
    case 'postgres':
      return { store: postgres({ url, durable }) }
    case 'mysql':
      return { store: mysql({ url, durable }) }
    case 'redis':
      return {
        store: redis({ url, durable, ...redisOptions }),
        pool: bullmq({ url, prefix: redisOptions.prefix ?? 'reach' }),
      }
  }
}

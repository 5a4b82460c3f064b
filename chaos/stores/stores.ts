import type { PoolSource, Store } from '@reachkit/core/spec'
import { bullmq, redis } from '@reachkit/store-redis'
import { mysql, postgres, sqlite } from '@reachkit/store-sql'
import { sharedMemory } from '../shared-memory/client.js'
import { clusterOf } from './cluster-client.js'

/** `memory` is the reference: the memory store, shared through a port. */
export const storeNames = ['sqlite', 'postgres', 'mysql', 'redis', 'redis-cluster', 'memory'] as const
export type StoreName = (typeof storeNames)[number]

/** As long as a run takes, nothing that is done is forgotten. */
const retention = '2h'

/** The store at this address, of a cluster its nodes' ports; the prefix is of Redis keys. */
export function openStore(name: StoreName, url: string, prefix: string = storePrefix): Store {
  switch (name) {
    case 'sqlite':
      return sqlite({ path: url, retention })
    case 'postgres':
      return postgres({ url, retention })
    case 'mysql':
      return mysql({ url, retention })
    case 'redis':
      return redis({ url, retention, prefix })
    case 'redis-cluster':
      return redis({ client: clusterOf(url), retention, prefix })
    case 'memory':
      return sharedMemory(url)
  }
}

/** What every key of a run's store has in its name: the tag that decides its slot in a cluster. */
export const storePrefix = 'reach'

/** What every key of a run's pool has in its name, and none of its store's. */
export const poolPrefix = 'reach-pool'

/** BullMQ on the Redis at this address. */
export function openPool(url: string, prefix: string = poolPrefix): PoolSource {
  return bullmq({ url, prefix })
}

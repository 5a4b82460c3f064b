import type { PoolSource } from '@reachkit/core/spec'
import { resolveOptions } from './options.js'
import type { BullmqOptions, BullmqClient } from './options.js'
import { BullmqPool } from './pool.js'

export type { BullmqOptions, BullmqClient } from './options.js'

/**
 * The wake-up on BullMQ, for a store of any engine: `createReach({ store, pool: bullmq('redis://…') })`. What it has is
 * never the truth: it may be flushed, or lost, and the sweep of the ledger pushes again. Needs the packages `bullmq` and,
 * with a url, `ioredis`.
 * @throws ReachError `REACH_OPTION_INVALID` at once; when it is opened also where a package is not installed, and
 * `REACH_STORE_UNAVAILABLE` where Redis cannot be reached.
 */
export function bullmq(connection: string | BullmqClient | BullmqOptions): PoolSource {
  const settings = resolveOptions(connection)
  return { specVersion: 1, name: 'bullmq', open: (context) => BullmqPool.open(context, settings) }
}

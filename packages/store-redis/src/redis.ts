import type { Store, StoreContext, StoreParts } from '@reachkit/core/spec'
import { RedisBook } from './book/book.js'
import { checkServer } from './client/check-server.js'
import { borrowClient, openClient } from './client/open-client.js'
import type { RedisClient } from './client/redis-client.js'
import { Scripts } from './client/script.js'
import { Feed } from './history/feed.js'
import { RedisHistory } from './history/history.js'
import { BodyCache } from './ledger/body-cache.js'
import { RedisLedger } from './ledger/ledger.js'
import { Shards } from './ledger/shards.js'
import { readOptions } from './options.js'
import type { ReadOptions, RedisStoreOptions } from './options.js'
import { PoolKeys } from './pool/pool-keys.js'
import { RedisPool } from './pool/pool.js'
import { StateKeys } from './state/state-keys.js'
import { RedisState } from './state/state.js'
import { DocumentWatcher } from './state/watcher.js'

/** Messages whose bodies a process keeps at hand. */
const keptMessages = 20_000
/** How often a consumer of the own pool that waits asks for what other processes pushed. */
const askMs = 25

/**
 * Ledger, state, history and the recipient book on Redis 6.2 or newer, one server or a cluster, and a plain pool of its own where
 * `createReach` is given no other (`bullmq()`). Takes an address, a client of ioredis (`Redis` or `Cluster`), or options with one of them. What it opens it closes; a client
 * that it was given stays open.
 * @throws ReachError REACH_OPTION_INVALID at once for wrong options; when opened, for a server that may lose what it
 *   accepted, unless `durable: false`. REACH_STORE_UNAVAILABLE where the server cannot be reached or refuses the login.
 */
export function redis(to: string | RedisClient | RedisStoreOptions): Store {
  const options = readOptions(to)
  return { specVersion: 1, name: 'redis', open: async (context) => openStore(options, context) }
}

async function openStore(options: ReadOptions, context: StoreContext): Promise<StoreParts> {
  const { client, leave } = await connect(options)
  const scripts = new Scripts(client, options.client === undefined)
  try {
    await checkServer(scripts, options.durable)
  } catch (error) {
    await leave()
    throw error
  }
  return partsOf(options, context, scripts, leave)
}

interface Connection {
  readonly client: RedisClient
  readonly leave: () => Promise<void>
}

async function connect({ url, client: given }: ReadOptions): Promise<Connection> {
  if (given !== undefined) {
    const release = borrowClient(given)
    return { client: given, leave: async () => release() }
  }
  const client = await openClient(url ?? '')
  return {
    client,
    async leave() {
      if (client.status === 'ready') await client.quit().catch(() => {})
      client.disconnect()
    },
  }
}

function partsOf(
  { settings, durable, poolLeaseMs, eventsForMs }: ReadOptions,
  { clock, random, logger, otherPool }: StoreContext,
  scripts: Scripts,
  leave: () => Promise<void>,
): StoreParts {
  const shards = new Shards(scripts, settings.prefix, settings.isolated)
  const common = { scripts, shards, settings, random, logger, bodies: new BodyCache(keptMessages) }
  const feed = new Feed(common, clock, logger)
  const ledgerContext = { ...common, fed: () => feed.poke() }
  const keys = new StateKeys(settings.prefix)
  const watcher = new DocumentWatcher(scripts, keys, clock, logger)
  const pool = new RedisPool(scripts, new PoolKeys(settings.prefix), clock, { leaseMs: poolLeaseMs, askMs })
  let closed: Promise<void> | undefined
  return {
    ledger: new RedisLedger(ledgerContext, durable),
    state: new RedisState(scripts, keys, watcher),
    history: new RedisHistory(ledgerContext),
    book: new RedisBook(scripts, { ...settings, eventsForMs }),
    ...(otherPool !== true && { pool }),
    close: () => (closed ??= closeAll([pool, feed, watcher], leave)),
  }
}

interface Closeable {
  close(): Promise<void>
}

async function closeAll(parts: readonly Closeable[], leave: () => Promise<void>): Promise<void> {
  await Promise.all(parts.map(async (part) => part.close()))
  await leave()
}

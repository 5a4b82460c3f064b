import { ReachError } from '@reachkit/core/spec'
import type { RedisClient } from './redis-client.js'

/** What is needed of ioredis besides a client. */
interface IoredisModule {
  readonly Redis: new (url: string, options: Readonly<Record<string, unknown>>) => RedisClient
}

/** Loads ioredis, which the app has installed beside this package. */
async function loadIoredis(): Promise<IoredisModule> {
  try {
    const loaded: unknown = await import('ioredis')
    return loaded as IoredisModule
  } catch (cause) {
    throw new ReachError('REACH_OPTION_INVALID', 'redis() with a url needs ioredis: npm install ioredis', { cause })
  }
}

/**
 * A connection of our own. Commands that were under way when it broke are not sent again: they may have been done, and
 * whoever asked decides. A server that is away is told of after about two seconds.
 */
export async function openClient(url: string): Promise<RedisClient> {
  const { Redis } = await loadIoredis()
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 3,
    connectTimeout: 5_000,
    // One timer for the connection while it is awaited; one for each command would cost more than the command.
    socketTimeout: 15_000,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 5), 1_000),
  })
  // Without a listener every lost connection is printed; each command that suffers from it rejects.
  client.on('error', ignore)
  return client
}

const borrowed = new WeakMap<RedisClient, number>()

/** An app's own client may have no listener of its own, so that a lost connection would be printed. Answers the way back. */
export function borrowClient(client: RedisClient): () => void {
  const before = borrowed.get(client) ?? 0
  borrowed.set(client, before + 1)
  if (before === 0) client.on('error', ignore)
  let back = false
  return () => {
    if (back) return
    back = true
    const left = (borrowed.get(client) ?? 1) - 1
    borrowed.set(client, left)
    if (left === 0) client.off('error', ignore)
  }
}

function ignore(): void {}

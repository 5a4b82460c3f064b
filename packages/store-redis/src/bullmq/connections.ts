import { ReachError } from '@reachkit/core/spec'
import type { Logger } from '@reachkit/core/spec'
import type * as Bullmq from 'bullmq'
import type { Redis } from 'ioredis'
import { codeOf, redisError } from '../client/redis-error.js'
import type { PoolSettings } from './options.js'

/** What this pool speaks to Redis by. */
export interface Connections {
  readonly bullmq: typeof Bullmq
  readonly client: Redis
  /** Another connection, to wait on. Whoever asks for it closes it by `disconnect`. */
  waiting(): Redis
  /** Closes what was opened here, and nothing that was given. */
  close(): Promise<void>
}

/** How long a first connection may take, in milliseconds. */
const connectWithinMs = 5_000

/**
 * @throws ReachError `REACH_OPTION_INVALID` where a package is not installed, `REACH_STORE_UNAVAILABLE` where the
 * server does not answer, or refuses the password.
 */
export async function openConnections(settings: PoolSettings, logger: Logger): Promise<Connections> {
  const bullmq = await load('bullmq', () => import('bullmq'))
  const { url, client: given } = settings
  if (url === undefined) {
    const client = given as unknown as Redis
    await unavailableOr(() => client.ping())
    return { bullmq, client, waiting: () => waitingClient(client, logger), close: async () => {} }
  }
  const { Redis } = await load('ioredis', () => import('ioredis'))
  const client = new Redis(url, {
    // Quick again when it is back, and a command fails within about a second while it is away.
    retryStrategy: (times) => Math.min(50 * times, 500),
    lazyConnect: true,
    connectTimeout: connectWithinMs,
    maxRetriesPerRequest: 2,
  })
  listen(client, logger)
  try {
    await unavailableOr(async () => {
      await client.connect()
      await client.ping()
    })
  } catch (error) {
    client.disconnect()
    throw error
  }
  return { bullmq, client, waiting: () => waitingClient(client, logger), close: async () => end(client) }
}

/** Runs it, and turns whatever Redis or its client throws into a coded error without arguments of commands. */
export async function unavailableOr<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw redisError(error)
  }
}

async function load<T>(name: string, importing: () => Promise<T>): Promise<T> {
  try {
    return await importing()
  } catch (cause) {
    const text = `the pool of bullmq() needs the package '${name}': install it beside @reachkit/store-redis`
    throw new ReachError('REACH_OPTION_INVALID', text, { cause })
  }
}

/** A command that waits is sent again after a reconnect, however often it takes. */
function waitingClient(client: Redis, logger: Logger): Redis {
  const waiting = client.duplicate({ maxRetriesPerRequest: null, lazyConnect: false })
  listen(waiting, logger)
  return waiting
}

/** Without a listener ioredis prints to the console. It reconnects by itself. */
function listen(client: Redis, logger: Logger): void {
  client.on('error', (error: unknown) => logger.debug({ error: codeOf(error) }, 'a connection of the pool failed'))
}

async function end(client: Redis): Promise<void> {
  await client.quit().catch(() => {})
  client.disconnect()
}

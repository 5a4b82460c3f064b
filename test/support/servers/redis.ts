import { binary } from './binaries.js'
import { fromEnvironment } from './server.js'
import type { TestServer } from './server.js'
import { startServer, temporaryFolder } from './start.js'
import { redisServer } from './wanted.js'

export interface RedisTestOptions {
  /** Settings as of redis.conf, over those that a test server has: `{ appendonly: 'no', maxmemory: '20mb' }`. */
  readonly settings?: Readonly<Record<string, string>>
}

/**
 * A Redis with an append-only file that is synced at each write, and that evicts nothing. With settings of its own it
 * is always a new one: the server of the environment has its own.
 */
export async function startRedis(options: RedisTestOptions = {}): Promise<TestServer> {
  const given = options.settings === undefined ? fromEnvironment(redisServer.variable) : undefined
  return given ?? startOwnRedis(options)
}

/** One that may be killed, flushed and restarted, whatever the environment names. */
export async function startOwnRedis({ settings = {} }: RedisTestOptions = {}): Promise<TestServer> {
  const command = await binary(redisServer)
  const folder = await temporaryFolder('redis')
  const all = { ...durable, bind: '127.0.0.1', dir: folder, ...settings }
  return startServer(folder, {
    command,
    args: (port) => ['--port', `${port}`, ...Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])],
    ready: /ready to accept connections/i,
    stopSignal: 'SIGTERM',
    url: (port) => `redis://127.0.0.1:${port}`,
  })
}

const durable = { save: '', appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' }

import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'mysql2/promise'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startOwnMariadb, startOwnPostgres, startOwnRedis } from '../../test/support/servers/index.js'
import type { TestServer } from '../../test/support/servers/index.js'
import { serveMemory } from '../shared-memory/shared-memory.js'
import { poolPrefix } from '../stores/stores.js'
import type { StoreName } from '../stores/stores.js'
import { redisCommand } from './redis-command.js'

/** Where a store keeps its messages, for as long as a run takes. */
export interface StoreServer {
  readonly url: string
  /** Kills it and starts it again on the same data. */
  readonly restart: (() => Promise<void>) | undefined
  stop(): Promise<void>
}

/** A Redis that BullMQ is on. */
export interface PoolServer {
  readonly url: string
  /** Throws away everything that the pool has. */
  clear(): Promise<void>
  /** Kills it and starts it again on the same data; a store on the same server restarts it by itself. */
  readonly restart: (() => Promise<void>) | undefined
  stop(): Promise<void>
}

export async function startStore(name: StoreName): Promise<StoreServer> {
  switch (name) {
    case 'sqlite': {
      const folder = await mkdtemp(join(tmpdir(), 'reachkit-chaos-'))
      const stop = async (): Promise<void> => rm(folder, { recursive: true, force: true })
      return { url: join(folder, 'reach.db'), restart: undefined, stop }
    }
    case 'memory': {
      const served = await serveMemory()
      return { url: served.url, restart: undefined, stop: () => served.close() }
    }
    case 'postgres':
      return restartable(await startOwnPostgres(), 'SIGQUIT')
    case 'mysql':
      return restartable(await withDatabase(await startOwnMariadb()), 'SIGKILL')
    case 'redis':
      return restartable(await startOwnRedis(), 'SIGKILL')
  }
}

/** On a server of its own. */
export async function startPool(): Promise<PoolServer> {
  const { url, restart, stop } = restartable(await startOwnRedis(), 'SIGKILL')
  return { url, restart, stop, clear: () => redisCommand(url, 'FLUSHALL') }
}

const unlinkAll = "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('UNLINK', key) end"

/** Redis as a store needs a pool beside it, which may be on the same server; its keys have a prefix of their own. */
export function poolOf(store: StoreName, { url }: StoreServer): PoolServer | undefined {
  if (store !== 'redis') return undefined
  const clear = (): Promise<void> => redisCommand(url, 'EVAL', unlinkAll, '0', `*${poolPrefix}*`)
  return { url, clear, restart: undefined, stop: async () => {} }
}

/** PostgreSQL is ended by its own crash signal: a killed one leaves processes behind that hold its memory. */
function restartable(server: TestServer, signal: NodeJS.Signals): StoreServer {
  return { url: server.url, restart: async () => server.restart?.(signal), stop: () => server.stop() }
}

async function withDatabase(server: TestServer): Promise<TestServer> {
  const connection = await createConnection(server.url)
  await connection.query('CREATE DATABASE reach CHARACTER SET utf8mb4')
  await connection.end()
  const url = new URL(server.url)
  url.pathname = '/reach'
  const restart = server.restart?.bind(server)
  return { url: url.href, pid: server.pid, stop: () => server.stop(), ...(restart && { restart }) }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'mysql2/promise'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  startOwnMariadb,
  startOwnPostgres,
  startOwnRedis,
  startRedisCluster,
} from '../../test/support/servers/index.js'
import type { TestServer } from '../../test/support/servers/index.js'
import { serveMemory } from '../shared-memory/shared-memory.js'
import { poolPrefix, storePrefix } from '../stores/stores.js'
import type { StoreName } from '../stores/stores.js'
import { redisCommand } from './redis-command.js'

/** Where a store keeps its messages, for as long as a run takes. */
export interface StoreServer {
  readonly url: string
  /** Kills it and starts it again on the same data. */
  readonly restart: (() => Promise<void>) | undefined
  /** Moves what the store keeps to another node of its cluster, while it is used. */
  readonly move?: () => Promise<void>
  stop(): Promise<void>
}

/** The Redis that a pool is on. */
export interface PoolServer {
  /** For BullMQ; undefined for the pool of the store itself. */
  readonly url: string | undefined
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
    case 'redis-cluster':
      return startCluster()
    case 'redis':
      return restartable(await startOwnRedis(), 'SIGKILL')
  }
}

/** On a server of its own. */
export async function startPool(): Promise<PoolServer> {
  const server = restartable(await startOwnRedis(), 'SIGKILL')
  return { ...server, clear: () => redisCommand(server.url, 'FLUSHALL') }
}

const unlinkAll = "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('UNLINK', key) end"

/** On the server of a store on Redis: BullMQ, or the store's own pool. Either has keys of its own. */
export function poolBeside({ url }: StoreServer, pool: 'own' | 'bullmq'): PoolServer {
  const keys = pool === 'own' ? `{${storePrefix}:pool}*` : `*${poolPrefix}*`
  const clear = (): Promise<void> => redisCommand(url, 'EVAL', unlinkAll, '0', keys)
  return { url: pool === 'own' ? undefined : url, clear, restart: undefined, stop: async () => {} }
}

async function startCluster(): Promise<StoreServer> {
  const cluster = await startRedisCluster()
  const move = async (): Promise<void> => void (await cluster.moveSlot(storePrefix))
  return { url: cluster.ports.join(','), restart: undefined, move, stop: () => cluster.stop() }
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

import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'mysql2/promise'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startOwnMariadb, startOwnPostgres, startOwnRedis } from '../../test/support/servers/index.js'
import type { TestServer } from '../../test/support/servers/index.js'
import { serveMemory } from '../shared-memory/shared-memory.js'
import type { StoreName } from '../stores/stores.js'

/** Where a store keeps its messages, for as long as a run takes. */
export interface StoreServer {
  readonly url: string
  /** Kills it and starts it again on the same data. */
  readonly restart: (() => Promise<void>) | undefined
  stop(): Promise<void>
}

/** A Redis for BullMQ. */
export interface PoolServer {
  readonly url: string
  /** Throws away everything that is in it. */
  clear(): Promise<void>
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

export async function startPool(): Promise<PoolServer> {
  const server = await startOwnRedis()
  return { url: server.url, clear: async () => flushAll(server.url), stop: () => server.stop() }
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

async function flushAll(url: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject).once('data', () => resolve())
      socket.write('FLUSHALL\r\n')
    })
  } finally {
    socket.destroy()
  }
}

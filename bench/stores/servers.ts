import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settings } from '../harness.js'
import {
  startMariadb,
  startOwnMariadb,
  startOwnPostgres,
  startOwnRedis,
  startPostgres,
  startRedis,
} from '../../test/support/servers/index.js'
import type { TestServer } from '../../test/support/servers/index.js'

const storeNames = ['sqlite', 'postgres', 'mysql', 'redis'] as const
export type StoreName = (typeof storeNames)[number]

/** Where a store keeps its messages while a bench runs. */
export interface StoreServer {
  readonly name: StoreName
  readonly url: string
  /** Of the server, so that its CPU time counts; undefined where there is none, or it is somebody else's. */
  readonly pid: number | undefined
  /** False where it keeps less than the store's class. */
  readonly durable: boolean
  stop(): Promise<void>
}

/** A server with its usual durability: Redis and PostgreSQL sync each commit. Of SQLite, a fresh file. */
export async function startStore(name: StoreName): Promise<StoreServer> {
  if (name === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'reachkit-bench-'))
    const stop = async (): Promise<void> => rm(folder, { recursive: true, force: true })
    return { name, url: join(folder, 'reach.db'), pid: undefined, durable: true, stop }
  }
  const server = await starters[name]()
  return {
    name,
    url: name === 'mysql' ? await freshDatabase(server.url) : server.url,
    pid: server.pid,
    durable: true,
    stop: () => server.stop(),
  }
}

const starters = { postgres: startPostgres, mysql: startMariadb, redis: startRedis }

/** A store that keeps less, and what that is. */
export interface LaxStore extends StoreServer {
  readonly keeps: string
}

/** The ways in which people let a store of this kind keep less, beside the one that keeps its class. */
export async function startLaxStores(name: StoreName): Promise<readonly LaxStore[]> {
  switch (name) {
    case 'sqlite':
      return [{ ...(await startStore(name)), durable: false, keeps: 'synchronous-normal' }]
    case 'postgres': {
      const server = await startOwnPostgres()
      return [lax(name, server, `${server.url}?options=-c%20synchronous_commit%3Doff`, 'synchronous-commit-off')]
    }
    case 'mysql': {
      const server = await startOwnMariadb({ settings: { 'innodb-flush-log-at-trx-commit': '2' } })
      return [lax(name, server, await freshDatabase(server.url), 'flush-each-second')]
    }
    case 'redis': {
      const everySecond = await startOwnRedis({ settings: { appendfsync: 'everysec' } })
      const noFile = await startOwnRedis({ settings: { appendonly: 'no' } })
      return [lax(name, everySecond, everySecond.url, 'everysec'), lax(name, noFile, noFile.url, 'no-file')]
    }
  }
}

function lax(name: StoreName, server: TestServer, url: string, keeps: string): LaxStore {
  return { name, url, pid: server.pid, durable: false, keeps, stop: () => server.stop() }
}

/** MariaDB comes without a database to work in. */
async function freshDatabase(server: string): Promise<string> {
  const { createRequire } = await import('node:module')
  const fromSql = createRequire(new URL('../../packages/store-sql/package.json', import.meta.url))
  const mysql = fromSql('mysql2/promise') as { createConnection(url: string): Promise<Connection> }
  const connection = await mysql.createConnection(server)
  await connection.query('CREATE DATABASE IF NOT EXISTS reach_bench CHARACTER SET utf8mb4')
  await connection.end()
  const url = new URL(server)
  url.pathname = '/reach_bench'
  return url.href
}

interface Connection {
  query(text: string): Promise<unknown>
  end(): Promise<void>
}

/** The stores that a bench measures: those that it names, or the one of `--store`. */
export function chosenStores(own: readonly StoreName[]): readonly StoreName[] {
  const { store } = settings
  if (store === undefined) return own
  const found = storeNames.find((name) => name === store)
  if (found === undefined) throw new Error(`--store takes ${storeNames.join(', ')}, not '${store}'.`)
  return [found]
}

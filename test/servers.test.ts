import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import {
  mariadbDatabase,
  postgresDatabase,
  redisUrl,
  startMariadb,
  startOwnMariadb,
  startOwnPostgres,
  startOwnRedis,
  startPostgres,
  startRedis,
} from './support/servers/index.js'
import { binary } from './support/servers/binaries.js'

const startTimeout = 120_000
const fromSql = createRequire(new URL('../packages/store-sql/package.json', import.meta.url))
const fromRedis = createRequire(new URL('../packages/store-redis/package.json', import.meta.url))

interface PgClient {
  connect(): Promise<unknown>
  query(text: string): Promise<{ rows: unknown[] }>
  end(): Promise<void>
}
interface MysqlConnection {
  query(text: string): Promise<[unknown[]]>
  end(): Promise<void>
}
interface RedisClient {
  config(verb: string, name: string): Promise<string[]>
  set(key: string, value: string): Promise<unknown>
  get(key: string): Promise<string | null>
  quit(): Promise<unknown>
}

async function onPostgres(url: string, sql: string): Promise<unknown[]> {
  const { Client } = fromSql('pg') as { Client: new (url: string) => PgClient }
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function onMariadb(url: string, sql: string): Promise<unknown[]> {
  const mysql = fromSql('mysql2/promise') as { createConnection(url: string): Promise<MysqlConnection> }
  const connection = await mysql.createConnection(url)
  try {
    return (await connection.query(sql))[0]
  } finally {
    await connection.end()
  }
}

async function onRedis<T>(url: string, work: (client: RedisClient) => Promise<T>): Promise<T> {
  const { Redis } = fromRedis('ioredis') as { Redis: new (url: string) => RedisClient }
  const client = new Redis(url)
  try {
    return await work(client)
  } finally {
    await client.quit()
  }
}

async function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  return once(socket, 'connect')
    .then(() => true)
    .catch(() => false)
    .finally(() => socket.destroy())
}

async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (!existsSync(`/proc/${pid}`)) return true
    await wait(50)
  }
  return false
}

describe('the servers of this run', () => {
  it('PostgreSQL: a database of its own, dropped in the end', { timeout: startTimeout }, async () => {
    const [one, other] = await Promise.all([postgresDatabase(), postgresDatabase()])
    await onPostgres(one.url, 'CREATE TABLE t (a int)')
    await expect(onPostgres(other.url, 'SELECT * FROM t')).rejects.toThrow('does not exist')
    expect(await onPostgres(one.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }])
    await Promise.all([one.drop(), other.drop()])
    await expect(onPostgres(one.url, 'SELECT 1')).rejects.toThrow('does not exist')
  })

  it('MariaDB: a database of its own in utf8mb4, dropped in the end', { timeout: startTimeout }, async () => {
    const [one, other] = await Promise.all([mariadbDatabase(), mariadbDatabase()])
    await onMariadb(one.url, 'CREATE TABLE t (a varchar(20))')
    await onMariadb(one.url, `INSERT INTO t VALUES ('元🎈')`)
    expect(await onMariadb(one.url, 'SELECT a FROM t')).toEqual([{ a: '元🎈' }])
    await expect(onMariadb(other.url, 'SELECT * FROM t')).rejects.toThrow("doesn't exist")
    await Promise.all([one.drop(), other.drop()])
    await expect(onMariadb(one.url, 'SELECT 1')).rejects.toThrow('Unknown database')
  })

  it('Redis: durable, and a prefix of its own, dropped in the end', { timeout: startTimeout }, async () => {
    const space = await redisUrl()
    const keys = [`${space.prefix}:a`, `{${space.prefix}}:b`]
    const left = await onRedis(space.url, async (client) => {
      expect(await client.config('get', 'appendfsync')).toEqual(['appendfsync', 'always'])
      expect(await client.config('get', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
      await Promise.all(keys.map(async (key) => client.set(key, '1')))
      expect(await Promise.all(keys.map(async (key) => client.get(key)))).toEqual(['1', '1'])
      await space.drop()
      return Promise.all(keys.map(async (key) => client.get(key)))
    })
    expect(left).toEqual([null, null])
  })
})

describe('a server of one test', () => {
  it('Redis keeps its data and address over a kill, and ends', { timeout: startTimeout }, async () => {
    const server = await startOwnRedis()
    const { pid } = server
    await onRedis(server.url, async (client) => client.set('kept', 'yes'))
    await server.restart?.()
    expect(server.pid).not.toBe(pid)
    expect(await onRedis(server.url, async (client) => client.get('kept'))).toBe('yes')
    const [, folder] = await onRedis(server.url, async (client) => client.config('get', 'dir'))
    await server.stop()
    await server.stop()
    expect(await listens(server.url)).toBe(false)
    expect(existsSync(String(folder))).toBe(false)
  })

  it('PostgreSQL and MariaDB do as well', { timeout: startTimeout }, async () => {
    for (const [start, query] of [
      [startOwnPostgres, onPostgres],
      [startOwnMariadb, onMariadb],
    ] as const) {
      const server = await start()
      const url = server.url.replace(/\/[a-z]*$/, start === startOwnPostgres ? '/postgres' : '/mysql')
      const { pid } = server
      await query(url, 'CREATE TABLE kept (a int)')
      await query(url, 'INSERT INTO kept VALUES (7)')
      await server.restart?.()
      expect(server.pid).not.toBe(pid)
      expect(await query(url, 'SELECT a FROM kept')).toEqual([{ a: 7 }])
      await server.stop()
      expect(await listens(server.url)).toBe(false)
    }
  })

  it('ends with the process that started it, however that dies', { timeout: startTimeout }, async () => {
    const script = `
      import { startOwnRedis } from './support/servers/index.ts'
      const server = await startOwnRedis()
      console.log(server.pid)
      setInterval(() => {}, 1000)`
    const tsx = fileURLToPath(import.meta.resolve('tsx'))
    const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [printed] = (await once(child.stdout, 'data')) as [Buffer]
    const pid = Number(printed.toString())
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('redis-server')
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(await gone(pid)).toBe(true)
  })
})

describe('where there is no server', () => {
  it('an address in the environment comes first, and is left alone', { timeout: startTimeout }, async () => {
    const starts = {
      REACHKIT_TEST_REDIS_URL: startRedis,
      REACHKIT_TEST_POSTGRES_URL: startPostgres,
      REACHKIT_TEST_MYSQL_URL: startMariadb,
    }
    for (const [variable, start] of Object.entries(starts)) {
      vi.stubEnv(variable, 'x://elsewhere:1')
      const server = await start()
      expect(server).toMatchObject({ url: 'x://elsewhere:1', pid: undefined })
      expect('restart' in server && server.restart !== undefined).toBe(false)
      await server.stop()
      vi.stubEnv(variable, '')
    }
    const own = await startRedis()
    expect(own.pid).toBeGreaterThan(0)
    await own.stop()
    vi.unstubAllEnvs()
  })

  it('one sentence says what is missing and how to give it', { timeout: startTimeout }, async () => {
    const names = ['reachkit-no-such-server']
    const wanted = { names, debianPackage: 'reachkit-no-such-package', variable: 'REACHKIT_TEST_NONE_URL' }
    await expect(binary(wanted)).rejects.toThrow(
      /^This test needs reachkit-no-such-server, .* install the Debian package reachkit-no-such-package, or name a server by REACHKIT_TEST_NONE_URL\.$/,
    )
  })
})

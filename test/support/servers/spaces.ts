import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { sharedServer } from './coordinator.js'

/** A place of one's own on a server of this run. */
export interface Space {
  readonly url: string
  /** Removes it with all that is in it, whoever is still connected. */
  readonly drop: () => Promise<void>
}

export interface RedisSpace extends Space {
  /** Every key of the test begins with this, or with this in braces. */
  readonly prefix: string
}

interface PgClient {
  connect(): Promise<unknown>
  query(text: string): Promise<unknown>
  end(): Promise<void>
}
interface MysqlConnection {
  query(text: string): Promise<unknown>
  end(): Promise<void>
}
interface RedisClient {
  scanStream(options: { match: string; count: number }): AsyncIterable<string[]>
  unlink(keys: string[]): Promise<unknown>
  quit(): Promise<unknown>
}

// The clients are peers of the stores, so they are found from there.
const fromSql = createRequire(new URL('../../../packages/store-sql/package.json', import.meta.url))
const fromRedis = createRequire(new URL('../../../packages/store-redis/package.json', import.meta.url))

/** An empty PostgreSQL database. */
export async function postgresDatabase(): Promise<Space> {
  const server = await sharedServer('postgres')
  const { Client } = fromSql('pg') as { Client: new (url: string) => PgClient }
  const run = async (sql: string): Promise<void> => {
    const client = new Client(server)
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  const name = freshName()
  await run(`CREATE DATABASE ${name}`)
  return { url: withPath(server, name), drop: async () => run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

/** An empty MariaDB (or MySQL) database in utf8mb4. */
export async function mariadbDatabase(): Promise<Space> {
  const server = await sharedServer('mariadb')
  const mysql = fromSql('mysql2/promise') as { createConnection(url: string): Promise<MysqlConnection> }
  const run = async (sql: string): Promise<void> => {
    const connection = await mysql.createConnection(server)
    try {
      await connection.query(sql)
    } finally {
      await connection.end()
    }
  }
  const name = freshName()
  await run(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`)
  return { url: withPath(server, name), drop: async () => run(`DROP DATABASE IF EXISTS ${name}`) }
}

/** The shared Redis, and a prefix for keys. Who flushes or restarts starts one of its own by `startOwnRedis`. */
export async function redisUrl(): Promise<RedisSpace> {
  const url = await sharedServer('redis')
  const prefix = freshName()
  async function drop(): Promise<void> {
    const { Redis } = fromRedis('ioredis') as { Redis: new (url: string) => RedisClient }
    const client = new Redis(url)
    try {
      for (const match of [`${prefix}*`, `{${prefix}*`])
        for await (const keys of client.scanStream({ match, count: 1_000 }))
          if (keys.length > 0) await client.unlink(keys)
    } finally {
      await client.quit()
    }
  }
  return { url, prefix, drop }
}

function freshName(): string {
  return `reach_test_${randomBytes(6).toString('hex')}`
}

function withPath(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

import { createRequire } from 'node:module'
import type { StorePlace } from './durable-stores.js'

// The clients are peers of the stores, so they are found from there.
const fromSql = createRequire(new URL('../../packages/store-sql/package.json', import.meta.url))
const fromRedis = createRequire(new URL('../../packages/store-redis/package.json', import.meta.url))

interface Sqlite {
  prepare(text: string): { run(...values: unknown[]): unknown }
  close(): void
}
interface PgClient {
  connect(): Promise<unknown>
  query(text: string, values?: readonly unknown[]): Promise<unknown>
  end(): Promise<void>
}
interface MysqlConnection {
  query(text: string, values?: readonly unknown[]): Promise<unknown>
  end(): Promise<void>
}
interface RedisClient {
  call(command: string, ...args: (string | Buffer)[]): Promise<unknown>
  quit(): Promise<unknown>
}

/** One statement with `?` for values, past the store. */
async function runSql({ kind, url }: StorePlace, text: string, values: readonly unknown[] = []): Promise<void> {
  if (kind === 'sqlite') {
    const Connection = fromSql('libsql') as new (path: string, options: object) => Sqlite
    const db = new Connection(url, { timeout: 10_000 })
    db.prepare(text).run(...values)
    db.close()
    return
  }
  if (kind === 'postgres') {
    const { Client } = fromSql('pg') as { Client: new (url: string) => PgClient }
    const client = new Client(url)
    await client.connect()
    let count = 0
    await client.query(
      text.replaceAll('?', () => `$${(count += 1)}`),
      values,
    )
    return client.end()
  }
  const mysql = fromSql('mysql2/promise') as { createConnection(url: string): Promise<MysqlConnection> }
  const connection = await mysql.createConnection(url)
  await connection.query(text, values)
  return connection.end()
}

/** One command, past the store. */
async function runRedis(url: string, command: string, ...args: (string | Buffer)[]): Promise<unknown> {
  const { Redis } = fromRedis('ioredis') as { Redis: new (url: string) => RedisClient }
  const client = new Redis(url)
  try {
    return await client.call(command, ...args)
  } finally {
    await client.quit()
  }
}

/** Overwrites what is stored of a parcel's messages. */
export async function overwriteBodies(place: StorePlace, parcel: string, bytes: Buffer): Promise<void> {
  if (place.kind === 'redis') await runRedis(place.url, 'set', `{${place.prefix}}:b:${parcel}`, bytes)
  else await runSql(place, 'update reach_parcel set bodies = ? where id = ?', [bytes, parcel])
}

/** Overwrites what an entry says that it carries. */
export async function overwriteCargo(place: StorePlace, entry: string, text: string): Promise<void> {
  if (place.kind === 'redis') await runRedis(place.url, 'hset', `{${place.prefix}}:e:${entry}`, 'c', text)
  else await runSql(place, 'update reach_entry set cargo = ? where id = ?', [text, entry])
}

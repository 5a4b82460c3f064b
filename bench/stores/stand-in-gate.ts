import { pass } from '@reachkit/core/spec'
import type { Gate } from '@reachkit/core/spec'
import { peer } from '../peer.js'
import type { StoreName } from './servers.js'

type Count = (recipients: readonly string[]) => Promise<void>

/** A gate and how its connection is closed. */
export interface StandIn {
  readonly gate: Gate
  readonly close: () => Promise<void>
}

/** What gates will cost: one call a batch that reads and writes one field a recipient. On Redis and PostgreSQL. */
export async function standInGate(name: StoreName, url: string): Promise<StandIn | undefined> {
  if (name === 'redis') return onRedis(url)
  return name === 'postgres' ? onPostgres(url) : undefined
}

interface RedisClient {
  eval(script: string, keys: number, ...args: readonly string[]): Promise<unknown>
  quit(): Promise<unknown>
}

const script = `for i = 1, #ARGV do
  local seen = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or '0')
  redis.call('HSET', KEYS[1], ARGV[i], seen + 1)
end`

function onRedis(url: string): StandIn {
  const { Redis } = peer('ioredis') as { Redis: new (url: string) => RedisClient }
  const client = new Redis(url)
  const count: Count = async (recipients) => {
    await client.eval(script, 1, 'bench:stand-in', ...recipients)
  }
  return { gate: gateOf(count), close: async () => void (await client.quit()) }
}

interface PgPool {
  query(text: string, values?: readonly unknown[]): Promise<unknown>
  end(): Promise<void>
}

async function onPostgres(url: string): Promise<StandIn> {
  const { Pool } = peer('pg') as { Pool: new (options: object) => PgPool }
  const pool = new Pool({ connectionString: url, max: 4 })
  await pool.query('create table if not exists bench_stand_in (recipient text primary key, seen int not null)')
  // In one order, so that two of them never wait for each other in a circle.
  const text = `insert into bench_stand_in select recipient, count(*) from unnest($1::text[]) as recipient group by 1 order by 1
    on conflict (recipient) do update set seen = bench_stand_in.seen + excluded.seen`
  const count: Count = async (recipients) => {
    await pool.query(text, [recipients])
  }
  return { gate: gateOf(count), close: () => pool.end() }
}

function gateOf(count: Count): Gate {
  return {
    specVersion: 1,
    name: 'stand-in',
    phase: 'delivery',
    async check(items) {
      await count(items.map(({ recipient }) => recipient.id))
      return items.map(() => pass)
    },
  }
}

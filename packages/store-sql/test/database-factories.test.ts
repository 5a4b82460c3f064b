import { Kysely, MysqlDialect, PostgresDialect } from 'kysely'
import mysql2 from 'mysql2'
import mysqlPromise from 'mysql2/promise'
import pg from 'pg'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { Outbox, Store } from '@reachkit/core/spec'
import { mysql, postgres, sql, type SqlConnections, sqlite, type SqlTransaction } from '../src/index.js'
import { databases } from './databases.js'
import { context } from './ledger-subject.js'

const url = { postgres: 'postgres://u:geheim@127.0.0.1/db', mysql: 'mysql://u:geheim@127.0.0.1/db' }

describe('options are refused with the field and what is allowed, and never the value', () => {
  const wrong: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['no path', () => sqlite({} as never), /sqlite: path must be the name of a file/],
    ['an empty path', () => sqlite(''), /sqlite: path must be text that is not empty/],
    ['memory', () => sqlite(':memory:'), /sqlite: path must be the name of a file/],
    [
      'an unknown option',
      () => sqlite({ path: 'a.db', pth: 1 } as never),
      /there is no option 'pth'; there are retention,/,
    ],
    [
      'a wrong duration',
      () => sqlite({ path: 'a.db', retention: '7 geheim' as never }),
      /retention must be a duration/,
    ],
    [
      'a timeout of nothing',
      () => sqlite({ path: 'a.db', busyTimeout: '0s' }),
      /busyTimeout must be a duration of at least 1 ms/,
    ],
    ['a flag that is none', () => sqlite({ path: 'a.db', durable: 'yes' as never }), /durable must be true or false/],
    ['no options at all', () => postgres(undefined as never), /postgres: the options must be an object/],
    ['a url of another server', () => postgres(url.mysql), /url must be a url that begins with postgres:/],
    ['a url that is none', () => postgres('geheim'), /url must be a url/],
    [
      'no connections',
      () => postgres({ url: url.postgres, connections: 0 }),
      /connections must be a whole number from 1 to 1000/,
    ],
    ['a url of another server', () => mysql(url.postgres), /url must be a url that begins with mysql:/],
    ['no pool', () => sql({} as never), /sql: a Kysely, a Pool/],
    ['nothing', () => sql(undefined as never), /sql: a Kysely, a Pool/],
    [
      'a dialect that is none',
      () => sql({} as never, { dialect: 'oracle' as never }),
      /dialect must be one of postgres, mysql, sqlite/,
    ],
  ]
  test.each(wrong)('%s', (_, make, text) => {
    let message = ''
    try {
      make()
    } catch (error) {
      expect(error).toMatchObject({ code: 'REACH_OPTION_INVALID' })
      message = String(error)
    }
    expect(message).toMatch(text)
    expect(message).not.toContain('geheim')
  })

  test('nothing is opened before `open`', () => {
    expect([sqlite('/none/at/all.db'), postgres(url.postgres), mysql(url.mysql)].map(({ name }) => name)).toEqual([
      'sqlite',
      'postgres',
      'mysql',
    ])
  })

  test('a store is an outbox too', () => {
    expectTypeOf(sqlite('a.db')).toExtend<Store<SqlTransaction>>()
    expectTypeOf(sqlite('a.db')).toExtend<Outbox<SqlTransaction>>()
  })
})

interface Pooled {
  readonly connections: SqlConnections
  end(): Promise<void>
}

const pools: readonly (readonly [string, 'postgres' | 'mysql', (address: string) => Pooled])[] = [
  ['a Pool of pg', 'postgres', pgPool],
  [
    'a Kysely with plain numbers of 64 bits as text',
    'postgres',
    (address) => {
      const db = new Kysely<object>({
        dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: address }) }),
      })
      return { connections: db, end: () => db.destroy() }
    },
  ],
  [
    'a pool of mysql2',
    'mysql',
    (address) => {
      const pool = mysql2.createPool(address)
      return { connections: pool, end: () => pool.promise().end() }
    },
  ],
  [
    'a pool of mysql2/promise',
    'mysql',
    (address) => {
      const pool = mysqlPromise.createPool(address)
      return { connections: pool, end: () => pool.end() }
    },
  ],
  [
    'a Kysely on mysql2 with big numbers as text',
    'mysql',
    (address) => {
      const pool = mysql2.createPool({ uri: address, supportBigNumbers: true, bigNumberStrings: true })
      const db = new Kysely<object>({ dialect: new MysqlDialect({ pool }) })
      return { connections: db, end: () => db.destroy() }
    },
  ],
]

function pgPool(address: string): Pooled {
  const pool = new pg.Pool({ connectionString: address })
  return { connections: pool, end: () => pool.end() }
}

test.each(pools)('%s is used as it is, and left open', async (_, name, make) => {
  const database = await databases.find((one) => one.name === name)?.make()
  if (database === undefined) throw new Error('it is one of them')
  const pooled = make(database.url)
  const store = sql(pooled.connections)
  expect(store.name).toBe(name)
  const parts = await store.open(context)
  const now = await parts.state.now()
  expect(Math.abs(now - Date.now())).toBeLessThan(5_000)
  const ttlMs = 60_000
  expect(await parts.state.count([{ key: 'a', by: 2, ttlMs }])).toEqual([2])
  expect(await parts.state.count([{ key: 'a', by: 3, ttlMs }])).toEqual([5])
  expect(await parts.state.credit('money', 5)).toBe(5)
  expect(await parts.state.write('doc', '1', 0)).toBe(1)
  expect(await parts.state.write('doc', '2', 1)).toBe(2)
  await parts.close()
  const again = await store.open(context)
  expect(await again.state.budgets(['money']), 'the connections are open still').toMatchObject([{ left: 5 }])
  await again.close()
  await pooled.end()
  await database.drop()
})

test('migrations by hand, for an app that does not run them', async () => {
  const database = await databases.find((one) => one.name === 'postgres')?.make()
  if (database === undefined) throw new Error('it is one of them')
  const store = postgres({ url: database.url, migrate: false })
  await expect(store.open(context)).rejects.toMatchObject({ code: 'REACH_STORE_UNAVAILABLE' })
  await store.migrate()
  await (await store.open(context)).close()
  await store.migrateDown(0)
  await expect(store.open(context)).rejects.toMatchObject({ code: 'REACH_STORE_UNAVAILABLE' })
  await expect(store.migrateDown(-1)).rejects.toMatchObject({ code: 'REACH_OPTION_INVALID' })
  await database.drop()
})

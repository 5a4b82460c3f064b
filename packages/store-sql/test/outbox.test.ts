import type { NewParcel } from '@reachkit/core/spec'
import Libsql from 'libsql'
import mysql2 from 'mysql2'
import mysqlPromise from 'mysql2/promise'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OpenDatabase } from '../src/database/dialect.js'
import { sql, type SqlTransaction } from '../src/index.js'
import { appendParcels, isSqlTransaction, OutboxRelay } from '../src/outbox/outbox.js'
import { databases, emptyTables, type TestDatabase } from './databases.js'

const message = {
  type: 'order.paid',
  version: 1,
  recipient: "u'1",
  inline: undefined,
  data: JSON.stringify({ text: `ünï 🙂 ' \\ " ; --`, long: 'x'.repeat(3_000) }),
  lane: 'P1' as const,
  labels: { category: 'orders' },
  sandbox: false,
  expires: 12,
  digest: '\xff\x00\x01abcdefghi',
}
const parcel = (id: string, data = message.data): NewParcel => ({
  id,
  tenant: 'acme',
  messages: [{ ...message, data }],
  entries: [
    {
      id: `${id}-e`,
      lane: 'P1',
      due: 0,
      weight: 1,
      cargo: { kind: 'messages', parcel: id, positions: [0], steps: [0] },
    },
  ],
  announced: true,
})

/** A client of an app: how it runs work in a transaction, which it commits or rolls back, and what of it is no transaction. */
interface Client {
  readonly name: string
  inTransaction(work: (tx: SqlTransaction) => Promise<void>): Promise<void>
  readonly none: readonly unknown[]
  close(): Promise<void>
}

const rollback = new Error('rolled back by the test')

describe.each(databases)('$name', ({ name, make }) => {
  let database: TestDatabase
  let opened: OpenDatabase
  let relay: OutboxRelay
  beforeAll(async () => {
    database = await make()
    opened = await database.open()
    relay = new OutboxRelay(opened)
  }, 60_000)
  beforeEach(() => emptyTables(opened))
  afterAll(async () => {
    await opened.close()
    await database.drop()
  })

  describe.each(clientsOf(name))('%s', (_, connect) => {
    let client: Client
    beforeAll(async () => {
      client = await connect(database.url, opened)
    })
    afterAll(() => client.close())
    const append = (tx: SqlTransaction, ids: readonly string[]): Promise<void> =>
      appendParcels(
        tx,
        { name },
        ids.map((id) => parcel(id)),
      )

    test('what is committed is claimed, whole, and gone once it is done', async () => {
      await client.inTransaction(async (tx) => {
        expect(isSqlTransaction(tx, { name })).toBe(true)
        await append(tx, ['a', 'b'])
        await append(tx, ['c.1_x-Y'])
        // On SQLite others wait for the writer; elsewhere they see what is committed.
        if (name !== 'sqlite') expect(await relay.claim(10), 'not before the commit').toEqual([])
      })
      const claimed = await relay.claim(10)
      expect(claimed.map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c.1_x-Y'])
      expect(claimed.find(({ id }) => id === 'a')?.parcel).toEqual(JSON.parse(JSON.stringify(parcel('a'))))
      await relay.done(['a', 'b', 'c.1_x-Y'])
      const left = await opened.db.selectFrom('reach_outbox').selectAll().execute()
      expect(left).toEqual([])
    })

    test('what is rolled back was never there', async () => {
      const work = client.inTransaction(async (tx) => {
        await append(tx, ['a'])
        throw rollback
      })
      await expect(work).rejects.toBe(rollback)
      expect(await relay.claim(10)).toEqual([])
    })

    test('what is no transaction is refused', async () => {
      expect(client.none.length).toBeGreaterThan(0)
      for (const none of client.none) {
        const written = append(none as SqlTransaction, ['a'])
        await expect(written).rejects.toMatchObject({ code: 'REACH_TRANSACTION_UNSUPPORTED' })
      }
      for (const none of [null, undefined, 3, 'tx', {}, () => {}, Promise.resolve()]) {
        expect(isSqlTransaction(none, { name })).toBe(false)
      }
      expect(await opened.db.selectFrom('reach_outbox').selectAll().execute()).toEqual([])
    })
  })

  test('each row goes to one relay, and to another one once its lease ran out', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `p${index}`)
    await opened.dialect.transaction(opened.db, (trx) =>
      appendParcels(
        trx,
        { name },
        ids.map((id) => parcel(id, '{}')),
      ),
    )
    const other = await database.open()
    const relays = [new OutboxRelay(opened, 300), new OutboxRelay(other, 300)]
    const claims = await Promise.all([...relays, ...relays].map((one) => one.claim(25)))
    const claimed = claims.flatMap((rows) => rows.map(({ id }) => id))
    expect(new Set(claimed).size, 'nobody has what another one has').toBe(claimed.length)
    for (const wanted of await relay.claim(40)) claimed.push(wanted.id)
    expect(claimed.toSorted()).toEqual(ids.toSorted())
    const { now } = await opened.db.selectNoFrom(opened.dialect.now.as('now')).executeTakeFirstOrThrow()
    let again: string[] = []
    while (again.length === 0 && Date.now() < now + 5_000) again = (await relay.claim(1)).map(({ id }) => id)
    expect(again).toHaveLength(1)
    await other.close()
  })

  test('a row that cannot be read does not keep the others from being claimed', async () => {
    await opened.dialect.transaction(opened.db, (trx) => appendParcels(trx, { name }, [parcel('b', '{}')]))
    const row = { written_at: 0, token: null, lease_until: 0 }
    const unknown = [new Uint8Array([9, 1]), new Uint8Array([1, 1]), new Uint8Array([0, 123]), new Uint8Array()]
    const rows = unknown.map((packed, index) => ({ ...row, id: `a${index}`, parcel: packed }))
    await opened.db.insertInto('reach_outbox').values(rows).execute()
    const claimed = await relay.claim(10)
    expect(claimed.map(({ id, parcel: read }) => [id, read?.id])).toEqual([
      ['a0', undefined],
      ['a1', undefined],
      ['a2', undefined],
      ['a3', undefined],
      ['b', 'b'],
    ])
  })

  test('a store of it is an outbox too', async () => {
    const outbox = sql(opened.db, { dialect: name })
    expect(outbox.isTransaction(opened.db)).toBe(false)
    await opened.dialect.transaction(opened.db, async (trx) => {
      expect(outbox.isTransaction(trx)).toBe(true)
      await outbox.append(trx, [parcel('a', '{}')])
    })
    expect(await outbox.backlog?.()).toEqual({ waiting: 1, oldest: expect.any(Number) })
    const [row] = await outbox.claim(5)
    expect(row?.parcel?.messages[0]?.data).toBe('{}')
    await outbox.done(['a'])
    expect(await outbox.claim(5)).toEqual([])
    expect(await outbox.backlog?.()).toEqual({ waiting: 0, oldest: undefined })
    await outbox.close()
    await opened.db.selectFrom('reach_outbox').selectAll().execute()
  })
})

type Connect = (url: string, opened: OpenDatabase) => Promise<Client>

function clientsOf(name: TestDatabase['name']): readonly (readonly [string, Connect])[] {
  if (name === 'postgres') {
    return [
      ['Kysely', kysely],
      ['pg, a client', pgClient],
      ['pg, a client of a pool', pgPool],
      ['pg, a client of an older release', pgOlder],
      ['as Drizzle hands it over', drizzleOnPg],
      ['as Prisma hands it over', prismaOnPg],
    ]
  }
  if (name === 'mysql') {
    return [
      ['Kysely', kysely],
      ['mysql2', mysqlConnection],
      ['mysql2/promise', mysqlPromiseConnection],
    ]
  }
  return [
    ['Kysely', kysely],
    ['libsql', libsqlConnection],
  ]
}

async function kysely(_: string, { db }: OpenDatabase): Promise<Client> {
  return {
    name: 'kysely',
    inTransaction: (work) => db.transaction().execute((trx) => work(trx)),
    none: [db],
    close: async () => {},
  }
}

async function pgTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('begin')
  try {
    await work()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

async function pgClient(url: string): Promise<Client> {
  const client = new pg.Client(url)
  await client.connect()
  return {
    name: 'pg',
    inTransaction: (work) => pgTransaction(client, () => work(client)),
    none: [client],
    close: () => client.end(),
  }
}

async function pgPool(url: string): Promise<Client> {
  const pool = new pg.Pool({ connectionString: url })
  return {
    name: 'pg pool',
    async inTransaction(work) {
      const client = await pool.connect()
      await pgTransaction(client, () => work(client)).finally(() => client.release())
    },
    none: [pool],
    close: () => pool.end(),
  }
}

/** Before 8.17 a client did not know whether it is in a transaction. */
async function pgOlder(url: string): Promise<Client> {
  const client = new pg.Client(url)
  Object.assign(client, { getTransactionStatus: undefined })
  await client.connect()
  return {
    name: 'older pg',
    inTransaction: (work) => pgTransaction(client, () => work(client)),
    none: [client],
    close: () => client.end(),
  }
}

// The methods that theirs have, on a real connection. Their own clients are in two-transactions.test.ts.
async function drizzleOnPg(url: string): Promise<Client> {
  const client = new pg.Client(url)
  await client.connect()
  const db = { execute: (text: string) => client.query(text), transaction: () => {}, select: () => {} }
  const tx = { ...db, rollback: () => assertNever() }
  return {
    name: 'drizzle',
    inTransaction: (work) => pgTransaction(client, () => work(tx)),
    none: [db],
    close: () => client.end(),
  }
}

async function prismaOnPg(url: string): Promise<Client> {
  const client = new pg.Client(url)
  await client.connect()
  const tx = { $executeRawUnsafe: async (text: string) => (await client.query(text)).rowCount ?? 0 }
  return {
    name: 'prisma',
    inTransaction: (work) => pgTransaction(client, () => work(tx)),
    none: [{ ...tx, $transaction: () => {}, $connect: () => {} }],
    close: () => client.end(),
  }
}

function assertNever(): never {
  throw rollback
}

async function mysqlConnection(url: string): Promise<Client> {
  const connection = mysql2.createConnection(url)
  const pool = mysql2.createPool(url)
  const promised = connection.promise()
  return {
    name: 'mysql2',
    async inTransaction(work) {
      await promised.beginTransaction()
      try {
        await work(connection)
        await promised.commit()
      } catch (error) {
        await promised.rollback()
        throw error
      }
    },
    none: [connection, pool],
    async close() {
      await promised.end()
      await pool.promise().end()
    },
  }
}

async function mysqlPromiseConnection(url: string): Promise<Client> {
  const connection = await mysqlPromise.createConnection(url)
  const pool = mysqlPromise.createPool(url)
  return {
    name: 'mysql2/promise',
    async inTransaction(work) {
      await connection.beginTransaction()
      try {
        await work(connection)
        await connection.commit()
      } catch (error) {
        await connection.rollback()
        throw error
      }
    },
    none: [connection, pool],
    async close() {
      await connection.end()
      await pool.end()
    },
  }
}

async function libsqlConnection(url: string): Promise<Client> {
  const db = new Libsql(url, { timeout: 5_000 })
  return {
    name: 'libsql',
    async inTransaction(work) {
      db.exec('begin immediate')
      try {
        await work(db)
        db.exec('commit')
      } catch (error) {
        db.exec('rollback')
        throw error
      }
    },
    none: [db],
    close: async () => void db.close(),
  }
}

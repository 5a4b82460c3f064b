// `in(tx)` with the clients that apps have, on servers where several transactions write at once.
import { channel, createReach, message, sent } from '@reachkit/core'
import type { Outbox, Store } from '@reachkit/core/spec'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mariadbDatabase, postgresDatabase, redisUrl } from '../../../test/support/servers/index.js'
import { storeAt } from '../../../test/support/durable-stores.js'
import { anything, eventually } from '../../../test/support/lamp.js'
import { mysql, postgres } from '../src/index.js'
import type { SqlTransaction } from '../src/index.js'
import type { AppClient } from './clients/client.js'
import { mysqlClients } from './clients/mysql.js'
import { postgresClients } from './clients/postgres.js'

type SqlStore = Store & Outbox<SqlTransaction>

const kinds = [
  ['PostgreSQL', postgresDatabase, postgres, postgresClients],
  ['MariaDB', mariadbDatabase, mysql, mysqlClients],
] as const

/** No call waits for another transaction; a server that is busy takes its time all the same. */
const stallMs = 10_000

const paid = message('order.paid', {
  data: anything<{ order: string }>(),
  content: { lamp: { text: '{{ order }}' } },
})

function setUp(store: Store, outbox: SqlStore) {
  const texts: string[] = []
  const lamp = channel({
    name: 'lamp',
    address: anything<string>(),
    content: anything<{ text: string }>(),
    async deliver({ content }) {
      texts.push(content.text)
      return sent()
    },
  })
  const reach = createReach({ messages: [paid], channels: { lamp }, store, outbox })
  /** Writes into a transaction; fails where another one keeps it waiting. */
  const put = async (tx: SqlTransaction, order: string, idempotencyKey: string) => {
    const call = reach.in(tx).notify('order.paid', { lamp: 'ann' }, { order }, { idempotencyKey })
    const late = new Promise<never>((_, reject) => {
      const timer = setTimeout(() => reject(new Error(`the call for ${order} waits`)), stallMs)
      timer.unref()
    })
    return Promise.race([call, late])
  }
  return { reach, texts, put }
}

describe.each(kinds)('%s', (_, makeDatabase, open, clients) => {
  describe.each([
    ['a ledger there', false],
    ['a ledger on Redis', true],
  ])('%s', (__, onRedis) => {
    let database: Awaited<ReturnType<typeof makeDatabase>>
    let keys: Awaited<ReturnType<typeof redisUrl>> | undefined
    let app: ReturnType<typeof setUp>
    beforeAll(async () => {
      database = await makeDatabase()
      const outbox = open(database.url)
      keys = onRedis ? await redisUrl() : undefined
      app = setUp(keys === undefined ? outbox : storeAt({ kind: 'redis', url: keys.url, prefix: keys.prefix }), outbox)
      await app.reach.start()
    }, 60_000)
    beforeEach(() => void app.texts.splice(0))
    afterAll(async () => {
      await app.reach.stop({ timeout: '5s' })
      await keys?.drop()
      await database.drop()
    })

    describe.each(clients)('%s', (name, connect) => {
      let client: AppClient
      beforeAll(async () => {
        client = await connect(database.url)
      })
      afterAll(async () => client.close())
      const key = (order: string): string => `${name}-${onRedis}-${order}`

      test('the same key in two open transactions: neither waits, one is sent, the other ends merged', async () => {
        const [one, two] = [await client.begin(), await client.begin()]
        const first = await app.put(one.tx, 'A1', key('same'))
        const second = await app.put(two.tx, 'A2', key('same'))
        expect([first.state, second.state]).toEqual(['pending', 'pending'])
        await two.commit()
        expect(await second.settled()).toMatchObject({ outcome: 'sent' })
        await one.commit()
        expect(await first.settled()).toMatchObject({ outcome: 'merged', into: second.id })
        expect(app.texts).toEqual(['A2'])
      }, 60_000)

      test('keys in opposite order in two open transactions: no deadlock, and each key is sent once', async () => {
        const [one, two] = [await client.begin(), await client.begin()]
        const all = [
          await app.put(one.tx, 'A', key('A')),
          await app.put(two.tx, 'B', key('B')),
          await app.put(one.tx, 'B', key('B')),
          await app.put(two.tx, 'A', key('A')),
        ]
        await Promise.all([one.commit(), two.commit()])
        const ends = await Promise.all(all.map(async (accepted) => accepted.settled()))
        expect(ends.map(({ outcome }) => outcome ?? '').toSorted()).toEqual(['merged', 'merged', 'sent', 'sent'])
        expect(app.texts.toSorted()).toEqual(['A', 'B'])
      }, 60_000)

      test('a long transaction that began first and commits last loses nothing; one that is rolled back sends nothing', async () => {
        const long = await client.begin()
        const waiting = await app.put(long.tx, 'long', key('long'))
        const undone = await client.begin()
        const never = await app.put(undone.tx, 'never', key('never'))
        await undone.rollback()
        for (let count = 0; count < 10; count += 1) {
          const short = await client.begin()
          const accepted = await app.put(short.tx, `${count}`, key(`short-${count}`))
          await short.commit()
          expect(await accepted.settled()).toMatchObject({ outcome: 'sent' })
        }
        expect(app.texts).not.toContain('long')
        await long.commit()
        expect(await waiting.settled()).toMatchObject({ outcome: 'sent' })
        await eventually(async () => expect((await app.reach.stats()).outbox).toMatchObject({ waiting: 0 }))
        expect(app.texts).not.toContain('never')
        expect(await app.reach.get(never.id)).toBeUndefined()
      }, 60_000)

      test('a pool or a database in the place of its transaction is refused with a code', async () => {
        expect(client.none.length).toBeGreaterThan(0)
        for (const none of client.none) {
          const code = await errorCode(async () => app.put(none as SqlTransaction, 'none', key('none')))
          expect(code).toBe('REACH_TRANSACTION_UNSUPPORTED')
        }
        expect((await app.reach.stats()).outbox).toMatchObject({ waiting: 0 })
        expect(app.texts).toEqual([])
      })
    })
  })
})

async function errorCode(call: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await call()
    return undefined
  } catch (error) {
    return (error as { readonly code?: string }).code
  }
}

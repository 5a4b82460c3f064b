// A server that is killed and comes back under load: whoever works on it goes on, and no error is left unheard.
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { describe, it } from 'vitest'
import { startOwnMariadb, startOwnPostgres } from '../../../test/support/servers/index.js'
import type { TestServer } from '../../../test/support/servers/index.js'
import { mysql, postgres, sql } from '../src/index.js'
import type { SqlStore } from '../src/factory/sql-store.js'
import { context } from './ledger-subject.js'
import { Load } from './load.js'

type AtTheEnd = (close: () => Promise<void>) => void

interface Kind {
  readonly name: string
  readonly start: () => Promise<TestServer>
  readonly signal: 'SIGQUIT' | 'SIGKILL'
  readonly open: (server: TestServer, atTheEnd: AtTheEnd) => Promise<SqlStore>
}

const kinds: readonly Kind[] = [
  {
    name: 'PostgreSQL',
    start: startOwnPostgres,
    // A killed one leaves processes behind that hold its memory; this is its own crash.
    signal: 'SIGQUIT',
    open: async ({ url }) => postgres({ url, connections: 6 }),
  },
  {
    name: 'PostgreSQL by a pool of the app',
    start: startOwnPostgres,
    signal: 'SIGQUIT',
    async open({ url }, atTheEnd) {
      const pool = new pg.Pool({ connectionString: url, max: 6 })
      // As every app has it: of connections that are not in use.
      pool.on('error', () => {})
      atTheEnd(() => pool.end())
      return sql(pool)
    },
  },
  {
    name: 'MariaDB',
    start: startOwnMariadb,
    signal: 'SIGKILL',
    async open({ url }) {
      const connection = await createConnection(url)
      await connection.query('CREATE DATABASE reach CHARACTER SET utf8mb4')
      await connection.end()
      return mysql({ url: `${url}reach`, connections: 6 })
    },
  },
]

// Each on a server of its own, so all at once.
describe.concurrent.each(kinds)('$name', (kind) => {
  it('is killed three times in the middle of everything', { timeout: 240_000 }, async ({ expect, onTestFinished }) => {
    const server = await kind.start()
    onTestFinished(() => server.stop())
    const store: SqlStore = await kind.open(server, onTestFinished)
    const parts = await store.open({ ...context, otherPool: true })
    onTestFinished(async () => parts.close())
    const { ledger } = parts
    const load = new Load(ledger)
    load.start(12)
    for (let death = 0; death < 3; death += 1) {
      await load.more(20)
      await server.restart?.(kind.signal)
      await load.recovered()
    }
    await load.stop()
    // What was confirmed is there.
    const records = await ledger.get(load.accepted)
    expect(records.filter((record) => record === undefined)).toEqual([])
    expect(records.length).toBeGreaterThan(60)
  })
})

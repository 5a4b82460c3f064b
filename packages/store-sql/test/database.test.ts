import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { isReachError } from '@reachkit/core/spec'
import { sql as query } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startOwnMariadb } from '../../../test/support/servers/index.js'
import type { OpenDatabase } from '../src/database/dialect.js'
import { isTooOld, openMysql } from '../src/database/mysql.js'
import { openPostgres } from '../src/database/postgres.js'
import { openSqlite } from '../src/database/sqlite.js'
import { databases, emptyTables, type TestDatabase } from './databases.js'

describe.each(databases)('$name', ({ name, make }) => {
  let database: TestDatabase
  let one: OpenDatabase
  let other: OpenDatabase
  beforeAll(async () => {
    database = await make()
    one = await database.open()
    other = await database.open()
  }, 60_000)
  beforeEach(() => emptyTables(one))
  afterAll(async () => {
    await one.close()
    await other.close()
    await database.drop()
  })

  test('numbers, texts and bytes come back as they went', async () => {
    const { db } = one
    const bytes = Buffer.from("..\0\\'\xff", 'latin1').subarray(2)
    const at = 2 ** 53 - 1
    const message = `ünï 🙂 ' \\ " ; -- % _`
    await db.insertInto('reach_digest').values({ digest: bytes, message, parcel: '', at }).execute()
    await db
      .insertInto('reach_digest')
      .values({ digest: new Uint8Array([7]), message, parcel: '', at: -1 })
      .execute()
    const [row] = await db.selectFrom('reach_digest').selectAll().where('digest', '=', bytes).execute()
    expect(row).toMatchObject({ message, parcel: '', at })
    expect([...(row?.digest ?? [])]).toEqual([...bytes])
    const [sum] = await db
      .selectFrom('reach_digest')
      .select(({ fn }) => [fn.countAll().as('count'), fn.sum<number>('at').as('sum'), fn.max('at').as('max')])
      .execute()
    expect(sum).toEqual({ count: 2, sum: at - 1, max: at })
  })

  test('names are told apart by every letter', async () => {
    const names = ['a', 'A', 'á', 'ä']
    const rows = names.map((id) => ({ id, parcel: new Uint8Array(), written_at: 0, token: null, lease_until: 0 }))
    await one.db.insertInto('reach_outbox').values(rows).execute()
    const found = await one.db.selectFrom('reach_outbox').select('id').where('id', '=', 'a').execute()
    expect(found).toEqual([{ id: 'a' }])
  })

  test('the clock is the time of a statement, in whole milliseconds', async () => {
    const before = Date.now()
    const [{ now } = { now: 0 }] = await one.db.selectNoFrom(one.dialect.now.as('now')).execute()
    expect(Number.isInteger(now)).toBe(true)
    expect(Math.abs(now - before)).toBeLessThan(1_000)
    await one.dialect.transaction(one.db, async (trx) => {
      const read = async (): Promise<number> =>
        (await trx.selectNoFrom(one.dialect.now.as('now')).executeTakeFirstOrThrow()).now
      const first = await read()
      while (Date.now() <= before + 20) await query`select 1`.execute(trx)
      expect(await read(), 'not that of the transaction').toBeGreaterThan(first)
    })
  })

  test('passes over rows that are there', async () => {
    const row = { digest: new Uint8Array([1]), message: 'first', parcel: 'p', at: 1 }
    const insert = one.dialect.ignoring(one.db.insertInto('reach_digest').values([row, { ...row, message: 'second' }]))
    const { numInsertedOrUpdatedRows } = await insert.executeTakeFirstOrThrow()
    expect(numInsertedOrUpdatedRows).toBe(1n)
    expect(await one.db.selectFrom('reach_digest').select('message').execute()).toEqual([{ message: 'first' }])
  })

  test('a transaction that fails leaves nothing, and the connection is good again', async () => {
    const failing = one.dialect.transaction(one.db, async (trx) => {
      await trx.insertInto('reach_sequence').values({ name: 'a', last: 1 }).execute()
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await one.db.selectFrom('reach_sequence').selectAll().execute()).toEqual([])
  })

  test('two in opposite order: both end, and none is lost', async () => {
    await one.db
      .insertInto('reach_sequence')
      .values(['a', 'b'].map((key) => ({ name: key, last: 0 })))
      .execute()
    let runs = 0
    const add = (on: OpenDatabase, keys: readonly string[]): Promise<void> =>
      on.dialect.transaction(on.db, async (trx) => {
        runs++
        for (const key of keys) {
          await trx
            .updateTable('reach_sequence')
            .set(({ eb }) => ({ last: eb('last', '+', 1) }))
            .where('name', '=', key)
            .execute()
          await new Promise((resolve) => setTimeout(resolve, 2))
        }
      })
    const turns = Array.from({ length: 3 }, () => [add(one, ['a', 'b']), add(other, ['b', 'a'])]).flat()
    await Promise.all(turns)
    const rows = await one.db.selectFrom('reach_sequence').select('last').execute()
    expect(rows).toEqual([{ last: 6 }, { last: 6 }])
    // On SQLite there is one writer, so that nobody loses a transaction that has begun.
    if (name !== 'sqlite') expect(runs).toBeGreaterThan(6)
  }, 30_000)

  test('an error of the server has a code and shows no value', async () => {
    const row = { name: 'geheim', last: 1 }
    await one.db.insertInto('reach_sequence').values(row).execute()
    const { storeError } = await import('../src/database/failures.js')
    const failure = await one.db.insertInto('reach_sequence').values(row).execute().catch(storeError)
    expect(isReachError(failure, 'REACH_STORE_UNAVAILABLE')).toBe(true)
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('geheim')
  })
})

describe('what is refused', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'reachkit-refused-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function refusal(opening: Promise<OpenDatabase>): Promise<Error> {
    const answer = await opening.catch((error: unknown) => error)
    if (!isReachError(answer)) throw new Error('it was opened')
    expect(inspect(answer, { depth: 9 })).not.toMatch(/geheim|somebody/)
    return answer
  }

  test('a server that is not there', async () => {
    const postgres = await refusal(openPostgres('postgres://somebody:geheim@127.0.0.1:1/none'))
    expect(postgres.message).toMatch(/REACH_STORE_UNAVAILABLE: .*ECONNREFUSED/)
    const mysql = await refusal(openMysql('mysql://somebody:geheim@127.0.0.1:1/none'))
    expect(mysql.message).toMatch(/REACH_STORE_UNAVAILABLE: .*ECONNREFUSED/)
  })

  test.each(databases.filter(({ name }) => name !== 'sqlite'))('a wrong user, on $name', async ({ name, make }) => {
    const database = await make()
    const url = new URL(database.url)
    url.username = 'somebody'
    url.password = 'geheim'
    const opening = name === 'mysql' ? openMysql(url.href) : openPostgres(url.href)
    expect((await refusal(opening)).message).toMatch(/REACH_STORE_UNAVAILABLE: .*(28000|ACCESS_DENIED)/)
    await database.drop()
  })

  test('a PostgreSQL that does not wait for its disk', async () => {
    const database = await databases.find(({ name }) => name === 'postgres')?.make()
    if (database === undefined) throw new Error('PostgreSQL is one of them')
    const one = await database.open()
    const name = new URL(database.url).pathname.slice(1)
    await query`alter database ${query.ref(name)} set synchronous_commit = off`.execute(one.db)
    await one.close()
    const { message } = await refusal(database.open())
    expect(message).toMatch(/REACH_OPTION_INVALID: .*synchronous_commit.*durable: false/)
    const other = await database.open({ durable: false })
    await other.close()
    await database.drop()
  })

  test('a MariaDB that does not wait for its disk', async () => {
    const server = await startOwnMariadb()
    try {
      const url = new URL(server.url)
      url.pathname = '/mysql'
      const one = await openMysql(url.href, { migrate: false })
      await query`set global innodb_flush_log_at_trx_commit = 2`.execute(one.db)
      await one.close()
      const { message } = await refusal(openMysql(url.href, { migrate: false }))
      expect(message).toMatch(/REACH_OPTION_INVALID: .*innodb_flush_log_at_trx_commit.*durable: false/)
      const other = await openMysql(url.href, { migrate: false, durable: false })
      await other.close()
    } finally {
      await server.stop()
    }
  }, 60_000)

  test.each([
    ['8.0.36', false],
    ['5.7.44-log', true],
    ['10.11.6-MariaDB-0+deb12u1', false],
    ['5.5.5-10.11.6-MariaDB', false],
    ['10.4.2-MariaDB', true],
    ['8.0.11-TiDB-v7.5.0', false],
    ['5.7.25-TiDB-v6.1.0', true],
    ['9.1.0', false],
  ])('a version that is too old: %s: %s', (version, old) => expect(isTooOld(version)).toBe(old))

  test('a file that is no database', async () => {
    const path = join(folder, 'text.db')
    writeFileSync(path, 'no database at all '.repeat(500))
    expect((await refusal(openSqlite(path))).message).toMatch(/REACH_STORE_UNAVAILABLE: .*NOTADB/)
  })

  test('a folder that is not there', async () => {
    const { message } = await refusal(openSqlite(join(folder, 'geheim', 'reach.db')))
    expect(message).toMatch(/REACH_STORE_UNAVAILABLE: .*its folder must exist/)
  })

  test('a SQLite that waits for its disk less than it should is none: FULL unless it is told otherwise', async () => {
    for (const [synchronous, level] of [
      [undefined, 2],
      ['full', 2],
      ['normal', 1],
    ] as const) {
      const one = await openSqlite(join(folder, 'level.db'), synchronous === undefined ? {} : { synchronous })
      const { rows } = await query<{ synchronous: number }>`pragma synchronous`.execute(one.db)
      expect(rows).toEqual([{ synchronous: level }])
      await one.close()
    }
  })

  test('a value that would end the process', async () => {
    const one = await openSqlite(join(folder, 'values.db'))
    for (const value of [true, {}, new Date(0), Symbol('none')]) {
      await expect(query`select ${value}`.execute(one.db)).rejects.toThrow(/cannot store/)
    }
    await one.close()
  })

  test('a file that may not be written', async () => {
    const path = join(folder, 'read-only.db')
    await (await openSqlite(path)).close()
    execFileSync('chmod', ['-R', 'a-w', folder])
    try {
      // Root may write everything, so this is asked by somebody else.
      const script = `
        import { openSqlite } from ${JSON.stringify(new URL('../src/database/sqlite.ts', import.meta.url).pathname)}
        process.setuid?.(65534)
        openSqlite(${JSON.stringify(path)}).then(() => console.log('opened'), (error) => console.log(error.message))`
      execFileSync('chmod', ['a+rx', folder])
      const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        encoding: 'utf8',
      })
      expect(output).toMatch(/REACH_STORE_UNAVAILABLE: .*(READONLY|CANTOPEN|cannot be opened)/)
    } finally {
      execFileSync('chmod', ['-R', 'u+w', folder])
    }
  }, 30_000)
})

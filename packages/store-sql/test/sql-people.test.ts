import { channel, column, createReach, difference, ids, message, sent } from '@reachkit/core'
import type { AudiencePage, AudienceSource, Recipient } from '@reachkit/core/spec'
import { Kysely, MysqlDialect, PostgresDialect } from 'kysely'
import mysql2 from 'mysql2'
import mysqlPromise from 'mysql2/promise'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, expectTypeOf, it, test } from 'vitest'
import { z } from 'zod'
import { bound, sqlAudience, sqlDirectory, sqlReader, type SqlConnections, type SqlReader } from '../src/index.js'
import { type PeopleDatabase, peopleDatabase } from './people-tables.js'

declare global {
  interface ReachChannels {
    slip: ReturnType<typeof slipChannel>
  }
}

interface Pooled {
  readonly connections: SqlConnections
  readonly end: () => Promise<unknown>
}

const { signal } = new AbortController()
const context = { signal, tenant: 'main' }
const audienceContext = { ...context, now: () => 0 }

describe.each(['sqlite', 'postgres', 'mysql'] as const)('The people of an app on %s', (name) => {
  let database: PeopleDatabase
  let reader: SqlReader

  beforeAll(async () => {
    database = await peopleDatabase(name)
    const long = name === 'postgres' ? 'text' : 'varchar(200)'
    const json = name === 'sqlite' ? 'text' : name === 'postgres' ? 'jsonb' : 'json'
    await database.run(
      `create table customer (id bigint primary key, mail ${long}, phone ${long}, lang ${long}, tz ${long}, plan ${long}, shop ${long}, devices ${json})`,
      `create table ${quoted(name, 'or"der`s; drop')} (${quoted(name, 'i"d`')} ${long} primary key, mail ${long})`,
      `create table team (team ${long}, member bigint)`,
      `insert into ${quoted(name, 'or"der`s; drop')} values ('a''b', 'quote@example.com'), ('Ann', 'ann@example.com')`,
      `insert into team values ('ops', 1), ('ops', 3), ('sales', 2)`,
      `insert into customer values
        (1, 'ann@example.com', '+4930123456', 'de', 'Europe/Berlin', 'gold', 'main', '[{"platform":"ios","token":"t1"}]'),
        (2, 'bob@example.com', null, 'en', 'America/New_York', 'free', 'main', null),
        (3, '', '+8613800000000', null, null, 'gold', 'other', null),
        (9007199254740993, 'big@example.com', null, null, 'Mars/Base', 'free', 'main', null)`,
    )
    for (let from = 100; from < 2_100; from += 500) {
      const rows = Array.from({ length: 500 }, (_, index) => from + index)
      const values = rows.map(
        (id) => `(${id}, 'p${id}@example.com', null, null, 'Asia/Shanghai', 'bulk', 'main', null)`,
      )
      await database.run(`insert into customer values ${values.join()}`)
    }
    reader = sqlReader(database.url)
  })

  afterAll(async () => {
    await reader?.close()
    await database?.drop()
  })

  const columns = {
    id: 'id',
    email: 'mail',
    sms: 'phone',
    locale: 'lang',
    zone: 'tz',
    devices: 'devices',
    attributes: ['plan'],
  }

  describe('as a directory', () => {
    const inOrder = (found: readonly Recipient[]) => found.toSorted((one, other) => (one.id < other.id ? -1 : 1))

    it('answers those that there are, with what their columns say', async () => {
      const directory = sqlDirectory({ db: reader, table: 'customer', columns })
      const found = await directory.recipients(['2', '1', '9404', '3'], context)
      expect(inOrder(found)).toEqual([
        {
          id: '1',
          addresses: { email: 'ann@example.com', sms: '+4930123456' },
          locale: 'de',
          zone: 'Europe/Berlin',
          attributes: { plan: 'gold' },
          devices: [{ platform: 'ios', token: 't1' }],
        },
        {
          id: '2',
          addresses: { email: 'bob@example.com' },
          locale: 'en',
          zone: 'America/New_York',
          attributes: { plan: 'free' },
          devices: [],
        },
        { id: '3', addresses: { sms: '+8613800000000' }, attributes: { plan: 'gold' }, devices: [] },
      ])
    })

    it('knows ids beyond what JavaScript counts exactly, and takes no other for them', async () => {
      const directory = sqlDirectory({ db: reader, table: 'customer', columns: { id: 'id', email: 'mail' } })
      const asked = [
        '9007199254740993',
        '9007199254740992',
        '99999999999999999999',
        '1.0',
        '01',
        ' 1',
        'x',
        "1' or '1'='1",
      ]
      const found = await directory.recipients(asked, context)
      expect(found).toEqual([{ id: '9007199254740993', addresses: { email: 'big@example.com' } }])
    })

    it('quotes names and binds values, whatever is in them', async () => {
      const directory = sqlDirectory({
        db: reader,
        table: 'or"der`s; drop',
        columns: { id: 'i"d`', email: 'mail' },
      })
      const found = await directory.recipients(["a'b", "x') or 1=1 --", 'ann', 'a\\'], context)
      expect(found).toEqual([{ id: "a'b", addresses: { email: 'quote@example.com' } }])
    })

    it('counts only whom `where` lets through, by tenant, and a comment at its end hides nothing', async () => {
      const directory = sqlDirectory({
        db: reader,
        table: 'customer',
        columns: { id: 'id', email: 'mail' },
        where: ({ tenant }) => bound`shop = ${tenant} or shop = ${'nowhere'} -- a comment`,
      })
      const of = async (tenant: string) =>
        (await directory.recipients(['1', '3'], { signal, tenant })).map(({ id }) => id)
      expect([await of('main'), await of('other'), await of("' or 1=1 --")]).toEqual([['1'], ['3'], []])
    })

    it('asks for at most 500 at once', async () => {
      const directory = sqlDirectory({ db: reader, table: 'customer', columns: { id: 'id', email: 'mail' } })
      const asked = Array.from({ length: 1_800 }, (_, index) => `${100 + index}`)
      expect(await directory.recipients(asked, context)).toHaveLength(1_800)
    })

    it('answers the members of groups', async () => {
      const directory = sqlDirectory({
        db: reader,
        table: 'customer',
        columns: { id: 'id' },
        members: (groups) => bound`select member from team where team in (${groups}) order by member`,
      })
      expect(await directory.members?.(['ops'], context)).toEqual(['1', '3'])
      expect(await directory.members?.(['ops', 'sales', "'"], context)).toEqual(['1', '2', '3'])
      expect(await directory.members?.([], context)).toEqual([])
    })

    it('tells what the database says, without what was asked', async () => {
      const directory = sqlDirectory({ url: database.url, table: 'geheim', columns: { id: 'id' } })
      const error: unknown = await directory.recipients(['ann@example.com'], context).catch((caught: unknown) => caught)
      await directory.close()
      expect(error).toMatchObject({ code: 'REACH_DIRECTORY_UNAVAILABLE' })
      expect(String(error)).not.toContain('ann@')
    })
  })

  describe('as an audience', () => {
    const gold = () =>
      sqlAudience('by-plan', {
        db: reader,
        args: z.object({ plan: z.string() }),
        query: ({ plan }) => bound`select c.id, c.mail, c.tz, c.plan from customer c where c.plan = ${plan} -- those`,
        key: 'id',
        columns: { zone: 'tz', address: { email: 'mail' } },
      })

    it('is read by pages along its key: each one once, with its columns', async () => {
      const source = await gold().open({ plan: 'bulk' }, audienceContext)
      const pages = await pagesOf(source, 300)
      const items = pages.flatMap((page) => page.items)
      expect(pages.map((page) => page.items.length)).toEqual([300, 300, 300, 300, 300, 300, 200])
      expect(new Set(items.map(({ id }) => id)).size).toBe(2_000)
      expect(items[0]).toEqual({
        id: '100',
        zone: 'Asia/Shanghai',
        addresses: { email: 'p100@example.com' },
        columns: { id: 100, mail: 'p100@example.com', tz: 'Asia/Shanghai', plan: 'bulk' },
      })
      expect(await source.count?.()).toBe(2_000)
      expect(await source.has?.(['100', '1', 'x', '2099'])).toEqual([true, false, false, true])
    })

    it('goes on behind its cursor, whatever went away or came before it', async () => {
      const source = await gold().open({ plan: 'free' }, audienceContext)
      const first = await source.page({ cursor: '', limit: 1 })
      expect(first.items.map(({ id }) => id)).toEqual(['2'])
      await database.run(
        `insert into customer (id, plan) values (-5, 'free')`,
        `update customer set plan = 'gone' where id = 2`,
      )
      const again = await (await gold().open({ plan: 'free' }, audienceContext)).page({
        cursor: first.next ?? '',
        limit: 9,
      })
      await database.run(`delete from customer where id = -5`, `update customer set plan = 'free' where id = 2`)
      // Its zone is none: told with its place, and without what stands there.
      expect(again).toEqual({
        items: [],
        rejects: [{ line: 2, reason: 'has a time zone that is not known' }],
        next: undefined,
      })
    })

    it('tells its zones, and reads by them: each row in one of them, each reject once', async () => {
      const everybody = sqlAudience('all', {
        db: reader,
        query: `select id, tz as zone from customer where plan <> 'bulk'; `,
        key: 'id',
        columns: { zone: 'zone' },
      })
      const source = await everybody.open(null, audienceContext)
      const zones = (await source.zones?.()) ?? []
      expect(new Set(zones)).toEqual(new Set(['Europe/Berlin', 'America/New_York', null]))
      const found: [string | null, string[], number][] = []
      for (const zone of zones) {
        const pages = await pagesOf(source, 2, [zone])
        const rejects = pages.flatMap((page) => page.rejects ?? []).length
        found.push([zone, pages.flatMap((page) => page.items.map(({ id }) => id)), rejects])
      }
      expect(new Map(found.map(([zone, ...rest]) => [zone, rest]))).toEqual(
        new Map<string | null, [string[], number]>([
          ['Europe/Berlin', [['1'], 0]],
          ['America/New_York', [['2'], 0]],
          [null, [['3'], 1]],
        ]),
      )
    })

    it('is a table with a condition, by a key of text', async () => {
      const orders = sqlAudience('orders', {
        db: reader,
        table: 'or"der`s; drop',
        key: 'i"d`',
        columns: { address: { email: 'mail' } },
      })
      const source = await orders.open(null, audienceContext)
      expect((await pagesOf(source, 1)).flatMap((page) => page.items.map(({ id }) => id)).toSorted()).toEqual([
        'Ann',
        "a'b",
      ])
      const teams = sqlAudience('team', {
        db: reader,
        table: 'team',
        where: () => bound`team = ${'ops'}`,
        key: 'member',
      })
      const members = await (await teams.open(null, audienceContext)).page({ cursor: '', limit: 10 })
      expect(members.items).toEqual([
        { id: '1', columns: { team: 'ops', member: 1 } },
        { id: '3', columns: { team: 'ops', member: 3 } },
      ])
    })

    it('refuses a key that is not unique, within a page and between two', async () => {
      for (const limit of [1, 2, 3]) {
        const source = await sqlAudience('teams', { db: reader, table: 'team', key: 'team' }).open(
          null,
          audienceContext,
        )
        await expect(pagesOf(source, limit)).rejects.toThrow(/the key 'team' is not unique/)
      }
    })

    it('binds what the arguments say', async () => {
      const source = await gold().open({ plan: "' or 1=1 --" }, audienceContext)
      expect(await source.count?.()).toBe(0)
      await expect(source.page({ cursor: '{"a":1}', limit: 1 })).rejects.toMatchObject({
        code: 'REACH_AUDIENCE_INVALID',
      })
    })

    it('takes no text that a function has put together', async () => {
      const wrong = sqlAudience('wrong', {
        db: reader,
        args: z.object({ plan: z.string() }),
        query: (({ plan }: { plan: string }) => `select * from customer where plan = '${plan}'`) as never,
        key: 'id',
      })
      const source = await wrong.open({ plan: 'x' }, audienceContext)
      await expect(source.page({ cursor: '', limit: 1 })).rejects.toThrow(/query must answer bound/)
    })
  })

  it('reads, and never writes', async () => {
    const directory = sqlDirectory({
      db: reader,
      table: 'customer',
      columns: { id: 'id' },
      members: () => bound`insert into team values ('hackers', 1)`,
    })
    await expect(directory.members?.(['x'], context)).rejects.toThrow(/read.?only|query_only|READ ONLY/i)
  })
})

describe('Connections of the app', () => {
  let postgres: PeopleDatabase
  let mysql: PeopleDatabase
  beforeAll(async () => {
    const all = await Promise.all([peopleDatabase('postgres'), peopleDatabase('mysql')])
    postgres = all[0]
    mysql = all[1]
    for (const one of all) {
      await one.run(
        'create table person (id bigint primary key, mail varchar(99))',
        `insert into person values (9007199254740993, 'big@example.com'), (9007199254740994, 'more@example.com')`,
      )
    }
  })
  afterAll(async () => Promise.all([postgres?.drop(), mysql?.drop()]))

  const kinds: readonly [string, () => Pooled][] = [
    ['a pool of pg', () => pooled(new pg.Pool({ connectionString: postgres.url }))],
    ['a pool of mysql2', () => fromMysql(mysql2.createPool(mysql.url))],
    ['a pool of mysql2/promise', () => pooled(mysqlPromise.createPool(mysql.url))],
    [
      'a Kysely',
      () => {
        const kysely = new Kysely<unknown>({
          dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: postgres.url }) }),
        })
        return { connections: kysely, end: () => kysely.destroy() }
      },
    ],
    [
      'a Kysely of MySQL whose numbers are text where they are long',
      () => {
        const pool = mysql2.createPool({ uri: mysql.url, supportBigNumbers: true })
        const kysely = new Kysely<unknown>({ dialect: new MysqlDialect({ pool }) })
        return { connections: kysely, end: () => kysely.destroy() }
      },
    ],
  ]

  test.each(kinds)('%s: serve, and stay open', async (_, make) => {
    const { connections, end } = make()
    try {
      const directory = sqlDirectory({ db: connections, table: 'person', columns: { id: 'id', email: 'mail' } })
      expect(await directory.recipients(['9007199254740993'], context)).toEqual([
        { id: '9007199254740993', addresses: { email: 'big@example.com' } },
      ])
      const people = sqlAudience('people', { db: connections, table: 'person', key: 'id' })
      const source = await people.open(null, audienceContext)
      const read = (await pagesOf(source, 1)).flatMap((page) => page.items.map(({ id }) => id))
      expect(read).toEqual(['9007199254740993', '9007199254740994'])
      await Promise.all([directory.close(), people.close()])
      expect(await directory.recipients(['9007199254740994'], context)).toHaveLength(1)
    } finally {
      await end()
    }
  })

  it('ends a statement that takes too long, in the server too', async () => {
    const slow = sqlReader(postgres.url, { timeout: '200ms', concurrency: 1, breaker: false })
    const source = await sqlAudience('slow', {
      db: slow,
      query: 'select id, pg_sleep(60)::text as s from person',
      key: 'id',
    }).open(null, audienceContext)
    await expect(source.page({ cursor: '', limit: 1 })).rejects.toMatchObject({ code: 'REACH_DIRECTORY_UNAVAILABLE' })
    const working = await sqlAudience('quick', { db: slow, table: 'person', key: 'id' }).open(null, audienceContext)
    expect((await working.page({ cursor: '', limit: 1 })).items).toHaveLength(1)
    await slow.close()
  })

  it('carries a task and its directory from one database', async () => {
    const reader = sqlReader(mysql.url)
    const news = message('news', { data: z.object({ mail: z.string() }), content: { slip: { text: '{{ mail }}' } } })
    const everybody = sqlAudience('everybody', { db: reader, table: 'person', key: 'id' })
    const received: string[][] = []
    const slip = slipChannel((to, text) => received.push([to, text]))
    const reach = createReach({
      messages: [news],
      channels: { slip },
      directory: sqlDirectory({ db: reader, table: 'person', columns: { id: 'id', slip: 'mail' } }),
      audiences: [everybody],
    })
    try {
      const task = await reach.tasks.create({
        message: 'news',
        audience: difference(everybody(), ids(['9007199254740993'])),
        data: { mail: column('mail') },
      })
      const report = await task.done()
      expect(report.messages).toMatchObject({ sent: 1 })
      expect(received).toEqual([['more@example.com', 'more@example.com']])
    } finally {
      await reach.stop()
      await reader.close()
    }
  })
})

it('makes no database where there is none', async () => {
  const directory = sqlDirectory({ url: 'sqlite:/tmp/none/at/all.db', table: 't', columns: { id: 'id' } })
  const error: unknown = await directory.recipients(['1'], context).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'REACH_DIRECTORY_UNAVAILABLE', cause: { code: 'ENOENT' } })
})

describe('Options', () => {
  const db = { guard: {}, rows: async () => [] } as unknown as SqlReader
  test.each<[string, () => unknown, RegExp]>([
    ['no table', () => sqlDirectory({ db, columns: { id: 'id' } } as never), /table must be the name of a table/],
    ['no id', () => sqlDirectory({ db, table: 't', columns: {} } as never), /columns.id must be the name of a column/],
    [
      'an address that is no name',
      () => sqlDirectory({ db, table: 't', columns: { id: 'id', email: 7 } } as never),
      /columns.email must be/,
    ],
    ['neither db nor url', () => sqlDirectory({ table: 't', columns: { id: 'id' } }), /db or url must be given/],
    [
      'a url of nobody',
      () => sqlDirectory({ url: 'geheim:x', table: 't', columns: { id: 'id' } }),
      /the url must begin with/,
    ],
    [
      'a condition that is text',
      () => sqlDirectory({ db, table: 't', columns: { id: 'id' }, where: 'a = 1' as never }),
      /where must be bound/,
    ],
    ['no key', () => sqlAudience('a', { db, table: 't' } as never), /key must be the name of a unique column/],
    [
      'both a table and a query',
      () => sqlAudience('a', { db, table: 't', query: 'select 1', key: 'k' }),
      /query or table/,
    ],
    [
      'a role that there is not',
      () => sqlAudience('a', { db, table: 't', key: 'k', columns: { tz: 'x' } as never }),
      /no option 'tz'/,
    ],
    ['an object as a value', () => bound`select ${{ id: 1 }}`, /a value must be text, a number/],
    ['a list with an object', () => bound`select ${[{ id: 1 }]}`, /a value must be text, a number/],
    ['no concurrency', () => sqlReader('sqlite:a.db', { concurrency: 0 }), /concurrency must be/],
  ])('%s', (_, make, text) => {
    expect(make).toThrow(text)
    expect(make).not.toThrow(/geheim/)
  })

  it('types the arguments of an audience', () => {
    const made = sqlAudience('a', {
      db,
      args: z.object({ days: z.number() }),
      query: ({ days }) => {
        expectTypeOf(days).toEqualTypeOf<number>()
        return bound`select ${days}`
      },
      key: 'k',
    })
    expectTypeOf(made).parameter(0).toEqualTypeOf<{ days: number }>()
    expect(made({ days: 3 })).toEqual({ kind: 'named', name: 'a', args: { days: 3 } })
  })
})

async function pagesOf(
  source: AudienceSource,
  limit: number,
  zones?: readonly (string | null)[],
): Promise<AudiencePage[]> {
  const pages: AudiencePage[] = []
  let cursor: string | undefined = ''
  while (cursor !== undefined) {
    const page: AudiencePage = await source.page({ cursor, limit, ...(zones !== undefined && { zones }) })
    pages.push(page)
    cursor = page.next
  }
  return pages
}

function slipChannel(receive: (to: string, text: string) => void) {
  return channel({
    name: 'slip',
    address: z.string(),
    content: z.object({ text: z.string() }),
    async deliver({ to, content }) {
      receive(to, content.text)
      return sent()
    },
  })
}

function quoted(dialect: string, name: string): string {
  return dialect === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`
}

function pooled(pool: SqlConnections & { end(): Promise<unknown> }): Pooled {
  return { connections: pool, end: () => pool.end() }
}

function fromMysql(pool: mysql2.Pool): Pooled {
  return { connections: pool, end: () => pool.promise().end() }
}

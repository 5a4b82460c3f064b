// What a server looks at for a segment: its plan is read, over 100,000 recipients.
import type { Profile, Segment } from '@reachkit/core/spec'
import { CompiledQuery, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SqlBook } from '../src/book/book.js'
import { Pages } from '../src/book/pages.js'
import type { OpenDatabase } from '../src/database/dialect.js'
import { databases, type TestDatabase } from './databases.js'

const people = 100_000
const atOnce = 5_000

function person(index: number): Profile {
  return {
    id: `user-${String(index).padStart(6, '0')}`,
    addresses: {},
    zone: index % 1_000 === 0 ? 'Asia/Tokyo' : 'UTC',
    groups: index % 1_000 === 1 ? ['rare', 'many'] : ['many'],
    attributes: { age: index % 90 },
  }
}

const segments: readonly (readonly [what: string, segment: Segment, index: RegExp, expected: number])[] = [
  ['a group', { group: 'rare' }, membership(), 100],
  ['a zone', { zone: ['Asia/Tokyo'] }, zones(), 100],
  ['an event', { event: 'paid' }, events(), 50],
  ['one of two groups', { any: [{ group: 'rare' }, { group: 'nobody' }] }, membership(), 100],
  [
    'a group and more',
    { all: [{ attribute: 'age', atLeast: 0 }, { not: { event: 'paid' } }, { group: 'rare' }, { zone: ['UTC'] }] },
    membership(),
    100,
  ],
]

function membership(): RegExp {
  return /reach_membership_pkey|reach_membership using primary key|"table":"s?\w*reach_membership".*"key":"primary"/i
}

function zones(): RegExp {
  return /reach_profile_by_tenant_zone_id/
}

function events(): RegExp {
  return /reach_event_by_tenant_name_recipient_at/
}

describe.each(databases)('$name', ({ make }) => {
  let made: TestDatabase
  let opened: OpenDatabase
  beforeAll(async () => {
    made = await make()
    opened = await made.open({ durable: made.name !== 'sqlite' })
    const book = new SqlBook(opened)
    for (let from = 0; from < people; from += atOnce)
      await book.upsert(
        'acme',
        Array.from({ length: atOnce }, (_, index) => person(from + index)),
      )
    const paid = Array.from({ length: 50 }, (_, index) => ({ recipient: person(index * 70).id, at: 1, id: 'e' }))
    await book.record(
      'acme',
      paid.map((event) => ({ ...event, name: 'paid' })),
    )
    const seen = Array.from({ length: 5_000 }, (_, index) => ({ recipient: person(index).id, at: 1, id: 'e' }))
    await book.record(
      'acme',
      seen.map((event) => ({ ...event, name: 'seen' })),
    )
    for (const table of ['reach_profile', 'reach_membership', 'reach_event'])
      await sql.raw(analyze[made.name] + table).execute(opened.db)
  }, 300_000)
  afterAll(async () => {
    await opened.close()
    await made.drop()
  })

  test.each(segments)(
    'of %s, who is not in the index is not looked at',
    async (_, segment, index, expected) => {
      const query = { tenant: 'acme', segment, now: 10 }
      const stretch = { tenant: 'acme', after: '' }
      const plan = await explain(opened, new Pages(opened).select(query).statement(sql`p.text`, stretch))
      expect(plan).toMatch(index)
      expect(plan, 'each profile by its key').toMatch(/reach_profile_pkey|reach_profile_1|eq_ref|reach_profile.*const/)
      expect(plan).not.toMatch(
        /seq scan|scan p\b|scan reach_profile|"type":"(all|index)","possible_keys":[^}]*reach_p/i,
      )
      expect(await new SqlBook(opened).count(query)).toBe(expected)
    },
    60_000,
  )
})

const analyze = { sqlite: 'analyze ', postgres: 'analyze ', mysql: 'analyze table ' }

/** As the store runs it: PostgreSQL plans it for any values. */
async function explain({ db, dialect }: OpenDatabase, statement: ReturnType<typeof sql>): Promise<string> {
  const { sql: text, parameters } = statement.compile(db)
  if (dialect.name !== 'postgres') {
    const prefix = dialect.name === 'sqlite' ? 'explain query plan' : 'explain'
    const { rows } = await db.executeQuery(CompiledQuery.raw(`${prefix} ${text}`, [...parameters]))
    return JSON.stringify(rows)
  }
  return db.connection().execute(async (connection) => {
    await sql.raw(`prepare segment as ${text}`).execute(connection)
    const values = parameters.map((value) => sql`${sql.lit(value)}`)
    const { rows } = await sql`explain execute segment (${sql.join(values)})`.execute(connection)
    await sql`deallocate segment`.execute(connection)
    return JSON.stringify(rows)
  })
}

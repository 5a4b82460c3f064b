import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpenDatabase } from '../src/database/dialect.js'
import { migrate, migrateDown } from '../src/database/migrate.js'
import { databases, type TestDatabase } from './databases.js'

describe.each(databases)('$name', ({ make }) => {
  let database: TestDatabase
  const opened: OpenDatabase[] = []
  const open = async (settings = {}): Promise<OpenDatabase> => {
    const one = await database.open(settings)
    opened.push(one)
    return one
  }
  beforeEach(async () => {
    database = await make()
  }, 60_000)
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
    await database.drop()
  })

  test('makes the tables, takes them back, and makes them again', async () => {
    const one = await open({ migrate: false })
    expect(await tables(one)).toEqual([])
    await migrate(one)
    const made = await tables(one)
    expect(made).toContain('reach_entry')
    expect(made).toHaveLength(20)
    await migrate(one)
    await migrateDown(one, 1)
    expect(await tables(one), 'the others only change what is there').toEqual(made)
    await migrateDown(one, 0)
    expect(await tables(one)).toEqual(['reach_migration'])
    await migrate(one)
    expect(await tables(one)).toEqual(made)
  })

  test('eight at once: one works, the others wait', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => open()))
    const [first] = all
    if (first === undefined) throw new Error('eight are opened')
    const { rows } = await sql<{ name: string }>`select name from reach_migration`.execute(first.db)
    expect(rows).toEqual([{ name: '0001-tables' }, { name: '0002-runs' }])
    expect(await tables(first)).toHaveLength(20)
  })

  test('goes on where one was interrupted', async () => {
    const one = await open()
    await sql`delete from reach_migration`.execute(one.db)
    await one.db.schema.dropTable('reach_sequence').execute()
    await migrate(one)
    expect(await tables(one)).toHaveLength(20)
  })

  test('gives a run of the release before its instant as its key, and takes several of one instant', async () => {
    const one = await open()
    await migrateDown(one, 1)
    const old = { id: 'old', task: 'task', instant: 1_764_300_000_000, revision: 1, cursor: 'page-2', done_at: null }
    await one.db.insertInto('reach_run').values(old).execute()
    await sql`insert into reach_parcel (id, tenant, accepted_at, size, bodies)
      values ('parcel', 'acme', 1, 0, ${new Uint8Array(1)})`.execute(one.db)
    await migrate(one)
    const runs = one.db.selectFrom('reach_run')
    expect(await runs.selectAll().execute()).toEqual([{ ...old, key: '1764300000000', part: '' }])
    expect(await one.db.selectFrom('reach_parcel').select(['id', 'run']).execute()).toEqual([
      { id: 'parcel', run: null },
    ])
    const insert = (id: string, key: string) => one.db.insertInto('reach_run').values({ ...old, id, key, part: '' })
    await insert('new', 'key').execute()
    await expect(insert('newer', 'key').execute()).rejects.toThrow(/unique|duplicate/i)
    // So does a process of the release before that is at work still.
    await sql`insert into reach_parcel (id, tenant, accepted_at, size, bodies)
      values ('another', 'acme', 1, 0, ${new Uint8Array(1)})`.execute(one.db)
  })

  test('finds the parcels of a run by an index', async () => {
    const { db, dialect } = await open()
    const values = Array.from({ length: 2_000 }, (_, index) => ({
      id: `p${index}`,
      tenant: 'acme',
      accepted_at: 1,
      size: 0,
      run: index % 500 === 0 ? 'run' : null,
      bodies: new Uint8Array(1),
    }))
    await db.insertInto('reach_parcel').values(values).execute()
    if (dialect.name === 'postgres') await sql`analyze reach_parcel`.execute(db)
    const { sql: text } = db.selectFrom('reach_parcel').select('id').where('run', '=', sql.lit('run')).compile()
    const plan = await sql.raw(`explain ${dialect.name === 'sqlite' ? 'query plan ' : ''}${text}`).execute(db)
    expect(JSON.stringify(plan.rows)).toContain('reach_parcel_of_run')
  })

  test('refuses what a newer release has brought further', async () => {
    const one = await open()
    await sql`insert into reach_migration (name) values ('0099-later')`.execute(one.db)
    await expect(database.open()).rejects.toMatchObject({
      code: 'REACH_SPEC_UNSUPPORTED',
      message: expect.stringContaining('0099-later'),
    })
    await expect(migrateDown(one, 0)).rejects.toMatchObject({ code: 'REACH_SPEC_UNSUPPORTED' })
    expect(await tables(one), 'nothing was taken').toHaveLength(20)
  })

  test('finds what history was not told of by an index', async () => {
    const { db, dialect } = await open()
    const values = Array.from({ length: 2_000 }, (_, index) => ({
      parcel: `p${index}`,
      version: 2,
      told: index % 500 === 0 ? 1 : 2,
      open: 0,
      done_at: null,
      marks: '',
      notes: '',
    }))
    await db.insertInto('reach_progress').values(values).execute()
    if (dialect.name !== 'sqlite') await sql.raw(analyze[dialect.name]).execute(db)
    const untold = db.selectFrom('reach_progress').select('parcel').where(dialect.untold)
    expect(await untold.execute()).toHaveLength(4)
    const { sql: text } = untold.compile()
    const plan = await sql.raw(`explain ${dialect.name === 'sqlite' ? 'query plan ' : ''}${text}`).execute(db)
    expect(JSON.stringify(plan.rows)).toContain('reach_progress_untold')
  })
})

const analyze = { postgres: 'analyze reach_progress', mysql: 'analyze table reach_progress' }

async function tables({ db }: OpenDatabase): Promise<string[]> {
  const found = await db.introspection.getTables()
  return found.map(({ name }) => name).toSorted()
}

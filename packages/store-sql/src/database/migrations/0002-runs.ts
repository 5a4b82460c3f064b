import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import { firstShapes, shapes } from '../shapes.js'
import { addColumn, addMysqlIndex, dropColumn, dropMysqlIndex, hasColumn } from './alter-table.js'
import { createTable, dropTable } from './create-table.js'

type DialectName = Dialect['name']

/** A firing has several runs, unique by a key, and a run has parcels. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await addColumn(db, dialect, 'reach_parcel', 'run', 'id?')
  await indexParcels[dialect](db)
  await keyRuns[dialect](db)
}

/** What runs there are is lost: of one firing there may be several. */
export async function down(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await dropTable(db, 'reach_run')
  await createTable(db, dialect, 'reach_run', firstShapes.reach_run)
  if (dialect !== 'mysql') await sql`drop index if exists reach_parcel_of_run`.execute(db)
  await dropColumn(db, dialect, 'reach_parcel', 'run')
}

/** Most parcels are of no run, and cost an index nothing where it may be over some rows alone. */
const indexParcels: Readonly<Record<DialectName, (db: Kysely<unknown>) => Promise<unknown>>> = {
  sqlite: (db) => indexSome.execute(db),
  postgres: (db) => indexSome.execute(db),
  mysql: (db) => addMysqlIndex(db, { table: 'reach_parcel', name: 'reach_parcel_of_run', columns: ['run'] }),
}

const indexSome = sql`create index if not exists reach_parcel_of_run on reach_parcel (run, id) where run is not null`

/** Until now a run was found by its instant. A process of the release before writes none: it begins no runs. */
const keyRuns: Readonly<Record<DialectName, (db: Kysely<unknown>) => Promise<void>>> = {
  async sqlite(db) {
    if (await hasColumn(db, 'reach_run', 'key')) return
    // A constraint is part of the table.
    await sql`create table reach_run_before as select * from reach_run`.execute(db)
    await dropTable(db, 'reach_run')
    await createTable(db, 'sqlite', 'reach_run', shapes.reach_run)
    await sql`insert into reach_run (id, task, key, part, instant, revision, cursor, done_at)
      select id, task, cast(instant as text), '', instant, revision, cursor, done_at from reach_run_before`.execute(db)
    await dropTable(db, 'reach_run_before')
  },
  async postgres(db) {
    await addColumn(db, 'postgres', 'reach_run', 'key', 'member?')
    await addColumn(db, 'postgres', 'reach_run', 'part', 'text?')
    await sql`update reach_run set key = instant::text, part = '' where key is null`.execute(db)
    await sql`create unique index if not exists reach_run_by_task_key on reach_run (task, key)`.execute(db)
    await sql`create index if not exists reach_run_by_task_instant on reach_run (task, instant)`.execute(db)
    await sql`alter table reach_run drop constraint if exists reach_run_task_instant_key`.execute(db)
  },
  async mysql(db) {
    await addColumn(db, 'mysql', 'reach_run', 'key', 'member?')
    await addColumn(db, 'mysql', 'reach_run', 'part', 'text?')
    await sql`update reach_run set \`key\` = instant, part = '' where \`key\` is null`.execute(db)
    const table = 'reach_run'
    await addMysqlIndex(db, { table, name: 'reach_run_by_task_key', columns: ['task', 'key'], unique: true })
    await addMysqlIndex(db, { table, name: 'reach_run_by_task_instant', columns: ['task', 'instant'] })
    // So MySQL calls what is unique by the two of them.
    await dropMysqlIndex(db, table, 'task')
  },
}

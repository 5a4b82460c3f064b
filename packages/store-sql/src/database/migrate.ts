import { ReachError } from '@reachkit/core/spec'
import { type Kysely, sql } from 'kysely'
import type { Database } from './dialect.js'
import { type NumberedMigration, migrations } from './migrations/index.js'

/** Any number will do, as long as all releases take the same one. */
const postgresLock = 7_260_214_902
const mysqlLock = 'reachkit.migration'
const lockSeconds = 120

/**
 * Brings the tables to what this release needs. Any number of processes may do this at once: one works, the others wait.
 * A database that a newer release has brought further is refused with REACH_SPEC_UNSUPPORTED.
 */
export async function migrate(database: Database): Promise<void> {
  const applied = await appliedBefore(database)
  if (applied !== undefined && pendingAfter(applied).length === 0) return
  await exclusively(database, async (db) => {
    const pending = pendingAfter(await appliedNames(database, db))
    for (const migration of pending) {
      await migration.up(db, database.dialect.name)
      await sql`insert into reach_migration (name) values (${migration.name})`.execute(db)
    }
  })
}

/** Takes migrations back, the last one first, down to the one with this number; 0 takes all. Their data is lost. */
export async function migrateDown(database: Database, to: number): Promise<void> {
  if (!Number.isSafeInteger(to) || to < 0) {
    throw new ReachError('REACH_OPTION_INVALID', 'migrateDown: `to` must be a whole number of at least 0')
  }
  await exclusively(database, async (db) => {
    const applied = await appliedNames(database, db)
    pendingAfter(applied)
    for (const migration of migrations.slice(to, applied.length).toReversed()) {
      await migration.down(db, database.dialect.name)
      await sql`delete from reach_migration where name = ${migration.name}`.execute(db)
    }
  })
}

/** Without the lock: most processes find nothing to do. */
async function appliedBefore({ db }: Database): Promise<readonly string[] | undefined> {
  try {
    const { rows } = await sql<{ name: string }>`select name from reach_migration order by name`.execute(db)
    return rows.map(({ name }) => name)
  } catch {
    // Not there yet, or away: the next statement tells.
    return undefined
  }
}

async function appliedNames({ dialect }: Database, db: Kysely<unknown>): Promise<readonly string[]> {
  const name = dialect.name === 'mysql' ? sql`varchar(96)` : sql`text`
  await sql`create table if not exists reach_migration (name ${name} primary key not null)`.execute(db)
  const { rows } = await sql<{ name: string }>`select name from reach_migration order by name`.execute(db)
  return rows.map((row) => row.name)
}

function pendingAfter(applied: readonly string[]): readonly NumberedMigration[] {
  const unknown = applied.filter((name) => !migrations.some((migration) => migration.name === name))
  if (unknown.length > 0) {
    const text = `the database was migrated by a newer release of @reachkit/store-sql (${unknown.join(', ')}); this one stops at ${migrations.at(-1)?.name}`
    throw new ReachError('REACH_SPEC_UNSUPPORTED', text)
  }
  return migrations.filter(({ name }) => !applied.includes(name))
}

async function exclusively(database: Database, work: (db: Kysely<unknown>) => Promise<void>): Promise<void> {
  const { db, dialect } = database
  if (dialect.name === 'mysql') return db.connection().execute((connection) => underLock(connection, work))
  await dialect.transaction(db, async (trx) => {
    if (dialect.name === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(postgresLock)})`.execute(trx)
    await work(trx as unknown as Kysely<unknown>)
  })
}

/** MySQL commits each change of a table by itself: what was done before an error is passed over the next time. */
async function underLock<Tables>(
  connection: Kysely<Tables>,
  work: (db: Kysely<unknown>) => Promise<void>,
): Promise<void> {
  const { rows } = await sql<{ got: number | null }>`select get_lock(${mysqlLock}, ${lockSeconds}) as got`.execute(
    connection,
  )
  if (rows[0]?.got !== 1) {
    throw new ReachError(
      'REACH_STORE_UNAVAILABLE',
      'another process is migrating the database, and has not ended in time',
    )
  }
  try {
    await work(connection as unknown as Kysely<unknown>)
  } finally {
    await sql`select release_lock(${mysqlLock})`.execute(connection)
  }
}

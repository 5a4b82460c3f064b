import { sql } from 'kysely'
import { movedTime, UnderWay } from '../../../test/support/moved-time.js'
import type { MovedTime } from '../../../test/support/moved-time.js'
import type { OpenDatabase } from '../src/database/dialect.js'
import { clockOf } from '../src/database/server-clocks.js'

const server = clockOf('(select ms from test_clock)')

/** A table whose changes wait for no disk. */
const clockTables = {
  sqlite: 'create table if not exists test_clock (ms bigint not null)',
  postgres: 'create unlogged table if not exists test_clock (ms bigint not null)',
  mysql: 'create table if not exists test_clock (ms bigint not null) engine = memory',
}

/** Two connections to one database whose clock is a row of it. */
export interface MovedPair {
  readonly database: OpenDatabase
  readonly peer: OpenDatabase
  /** Begins anew, for the next case. */
  readonly start: () => Promise<MovedTime>
}

export async function movedPair(database: OpenDatabase, peer: OpenDatabase): Promise<MovedPair> {
  const underWay = new UnderWay()
  for (const { db, urgent } of [database, peer]) {
    watch(db, underWay)
    if (urgent !== undefined) watch(urgent, underWay)
  }
  await sql.raw(clockTables[database.dialect.name]).execute(database.db)
  await sql`insert into test_clock (ms) values (0)`.execute(database.db)
  return {
    database: moved(database),
    peer: moved(peer),
    start: () =>
      movedTime({
        set: async (now) => void (await sql`update test_clock set ms = ${now}`.execute(database.db)),
        idle: () => underWay.idle(),
      }),
  }
}

function moved(database: OpenDatabase): OpenDatabase {
  return { ...database, dialect: { ...database.dialect, ...server } }
}

/** A statement and a transaction are under way for as long as they have a connection, or wait for one. */
function watch(db: OpenDatabase['db'], underWay: UnderWay): void {
  const executor = db.getExecutor()
  const provide = executor.provideConnection.bind(executor)
  executor.provideConnection = (consumer) => underWay.during(() => provide(consumer))
}

import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.js'
import { down as dropTables, up as createTables } from './0001-tables.js'
import { down as oneRunAFiring, up as severalRunsAFiring } from './0002-runs.js'

export interface NumberedMigration {
  /** Its number and what it does; they sort in the order in which they are run. */
  readonly name: string
  up(db: Kysely<unknown>, dialect: Dialect['name']): Promise<void>
  down(db: Kysely<unknown>, dialect: Dialect['name']): Promise<void>
}

/** In order. A migration that was released is never changed: a new one follows it. */
export const migrations: readonly NumberedMigration[] = [
  { name: '0001-tables', up: createTables, down: dropTables },
  { name: '0002-runs', up: severalRunsAFiring, down: oneRunAFiring },
]

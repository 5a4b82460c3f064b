import { sql } from 'kysely'
import type { Database } from '../database/dialect.js'

/** Tells cheaply whether another process may have written since the last time that it was asked. */
export interface ChangeWatch {
  changed(): Promise<boolean>
}

/** SQLite knows of every commit of another connection; a server is asked for the entries themselves. */
export function createChangeWatch({ db, dialect }: Database): ChangeWatch {
  if (dialect.name !== 'sqlite') return { changed: async () => true }
  let last = -1
  return {
    async changed() {
      const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(db)
      const version = rows[0]?.data_version ?? 0
      const isNew = version !== last
      last = version
      return isNew
    },
  }
}

import { sql } from 'kysely'
import type { Database } from '../database/dialect.js'

const everyMs = 250
/** Pages in the log at which it is begun anew, once they are copied: 4 KiB each. */
const restartPages = 500

/**
 * Copies SQLite's log back into the database file now and then, so that no commit has to. Only between transactions, only
 * when something was written since, and never waiting for anybody.
 */
export function startCheckpoints({ db }: Pick<Database, 'db'>): { stop(): void } {
  let copied = 0
  let running = false
  const step = async (): Promise<void> => {
    const { rows } = await sql<{ changes: number }>`select total_changes() as changes`.execute(db)
    const changes = rows[0]?.changes ?? 0
    if (changes === copied) return
    const { rows: copies } = await sql<{ log: number }>`pragma wal_checkpoint(passive)`.execute(db)
    copied = changes
    // A log that begins anew is written over, which the disk syncs many times faster than one that grows.
    if ((copies[0]?.log ?? 0) >= restartPages) await sql`pragma wal_checkpoint(restart)`.execute(db)
  }
  const timer = setInterval(() => {
    if (running) return
    running = true
    step()
      // Somebody else copies just now, or the store is being closed: the next time will do.
      .catch(() => {})
      .finally(() => {
        running = false
      })
  }, everyMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

import { sql } from 'kysely'
import type { Database } from '../database/dialect.js'

const everyMs = 250

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
    await sql`pragma wal_checkpoint(passive)`.execute(db)
    copied = changes
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

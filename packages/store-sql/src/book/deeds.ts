import type { BookEvent } from '@reachkit/core/spec'
import { sql } from 'kysely'
import type { Database } from '../database/dialect.js'
import { type BulkTarget, inList, insertRows, parts } from '../ledger/bulk.js'
import { inOrder, storedTenant, textOf } from './texts.js'

const target: BulkTarget<'reach_event'> = {
  table: 'reach_event',
  columns: ['tenant', 'recipient', 'name', 'id', 'at'],
  keys: 4,
  onKnown: 'pass',
}

const recordedAtOnce = 1_000
const prunedAtOnce = 1_000
const mostPruned = 20_000

/** What recipients did. */
export class Deeds {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async record(name: string, events: readonly BookEvent[]): Promise<void> {
    const { db, dialect } = this.#database
    const tenant = storedTenant(name)
    for (const some of parts(firstOfEach(events), recordedAtOnce))
      await dialect.retry(async () =>
        insertRows(
          db,
          dialect,
          target,
          some.map((event) => [tenant, event.recipient, event.name, event.id, event.at]),
        ),
      )
  }

  async events(tenant: string, name: string, recipients: readonly string[], since: number): Promise<readonly number[]> {
    if (recipients.length === 0) return []
    const rows = await this.#database.db
      .selectFrom('reach_event')
      .select(['recipient', (eb) => eb.fn.countAll<number>().as('entries')])
      .where('tenant', '=', storedTenant(tenant))
      .where('name', '=', name)
      .where('recipient', 'in', inList(recipients))
      .where('at', '>=', since)
      .groupBy('recipient')
      .execute()
    const counts = new Map(rows.map(({ recipient, entries }) => [textOf(recipient), entries]))
    return recipients.map((recipient) => counts.get(recipient) ?? 0)
  }

  /** Forgets what is older, some thousands at most. Safe at any time, by any process. */
  async prune(keepMs: number): Promise<void> {
    const { db, dialect } = this.#database
    const { now } = await db.selectNoFrom(dialect.now.as('now')).executeTakeFirstOrThrow()
    const old = sql`at < ${now - keepMs} order by at limit ${sql.lit(prunedAtOnce)}`
    const text =
      dialect.name === 'mysql'
        ? sql`delete from reach_event where ${old}`
        : sql`delete from reach_event where (tenant, recipient, name, id) in
            (select tenant, recipient, name, id from reach_event where ${old})`
    for (let pruned = 0; pruned < mostPruned; pruned += prunedAtOnce) {
      const { numAffectedRows } = await dialect.retry(() => text.execute(db))
      if (Number(numAffectedRows ?? 0n) < prunedAtOnce) return
    }
  }
}

/** Of those that are alike, the first; in the order of their keys, so that two who record the same do not wait for each other. */
function firstOfEach(events: readonly BookEvent[]): readonly BookEvent[] {
  const first = new Map<string, BookEvent>()
  for (const event of events) {
    const key = [event.recipient, event.name, event.id].join('\0')
    if (!first.has(key)) first.set(key, event)
  }
  return [...first].toSorted(([one], [other]) => inOrder(one, other)).map(([, event]) => event)
}

import type { Profile } from '@reachkit/core/spec'
import { setImmediate } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import type { Database } from '../database/dialect.js'
import type { ReachTables } from '../database/tables.js'
import { type BulkTarget, inList, insertRows } from '../ledger/bulk.js'
import { addMemberships, removeMemberships } from './memberships.js'
import { groupsIn, type ProfileRow, profileRows } from './rows.js'
import { storedTenant, textOf } from './texts.js'

const columns = ['tenant', 'id', 'zone', 'search', 'text'] as const
const adding: BulkTarget<'reach_profile'> = { table: 'reach_profile', columns, keys: 2, onKnown: 'pass' }
const replacing: BulkTarget<'reach_profile'> = { ...adding, onKnown: 'replace' }

/** Transactions of one call that are under way at once. */
const writers = 2

/** Recipients by their ids, with the groups that they are in. */
export class People {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async upsert(name: string, profiles: readonly Profile[]): Promise<void> {
    const { db, dialect } = this.#database
    const tenant = storedTenant(name)
    const parts = profileRows(profiles)
    // What another transaction writes is made ready while a server works. No two have an id in common.
    const writing = async (): Promise<void> => {
      for (const rows of parts) {
        await setImmediate()
        await dialect.transaction(db, async (trx) => this.#write(trx, tenant, rows))
      }
    }
    await Promise.all(Array.from({ length: dialect.name === 'sqlite' ? 1 : writers }, writing))
  }

  /** Those that are new are inserted; the others are held, and written where they differ. */
  async #write(trx: Transaction<ReachTables>, tenant: string, rows: readonly ProfileRow[]): Promise<void> {
    const { dialect } = this.#database
    const fresh = await insertRows(trx, dialect, adding, rows.map(valuesOf(tenant)))
    const stored =
      fresh === rows.length
        ? undefined
        : await this.#held(
            trx,
            tenant,
            rows.map(({ id }) => id),
          )
    const missing = stored === undefined ? [] : rows.filter(({ id }) => !stored.has(id))
    const written = rows.filter((row) => !missing.includes(row))
    const changed = written.filter(({ id, text }) => stored !== undefined && stored.get(id) !== text)
    if (changed.length > 0) await insertRows(trx, dialect, replacing, changed.map(valuesOf(tenant)))
    const left = changed.flatMap(({ id, groups }) =>
      groupsIn(stored?.get(id) ?? '{}').flatMap((group) => (groups.includes(group) ? [] : { name: group, id })),
    )
    await removeMemberships(trx, dialect, tenant, left)
    const memberships = written.flatMap(({ id, groups }) => groups.map((group) => ({ name: group, id })))
    await addMemberships(trx, dialect, tenant, memberships)
    // Somebody removed them in between.
    if (missing.length > 0) await this.#write(trx, tenant, missing)
  }

  async remove(name: string, ids: readonly string[]): Promise<number> {
    if (ids.length === 0) return 0
    const { db, dialect } = this.#database
    const tenant = storedTenant(name)
    return dialect.transaction(db, async (trx) => {
      const held = await this.#held(trx, tenant, ids)
      const left = [...held].flatMap(([id, text]) => groupsIn(text).map((group) => ({ name: group, id })))
      await removeMemberships(trx, dialect, tenant, left)
      const wanted = inList(ids)
      await trx.deleteFrom('reach_profile').where('tenant', '=', tenant).where('id', 'in', wanted).execute()
      await trx.deleteFrom('reach_event').where('tenant', '=', tenant).where('recipient', 'in', wanted).execute()
      return held.size
    })
  }

  async recipients(name: string, ids: readonly string[]): Promise<readonly Profile[]> {
    if (ids.length === 0) return []
    const rows = await this.#database.db
      .selectFrom('reach_profile')
      .select('text')
      .where('tenant', '=', storedTenant(name))
      .where('id', 'in', inList(ids))
      .execute()
    return rows.map(({ text }) => JSON.parse(text) as Profile)
  }

  /** One after the other: a server without such a step would read every row to find the few zones. */
  async zones(name: string): Promise<readonly (string | null)[]> {
    const tenant = storedTenant(name)
    const all = this.#database.db.selectFrom('reach_profile').select('zone').where('tenant', '=', tenant)
    const none = await all.where('zone', 'is', null).limit(1).executeTakeFirst()
    const found: (string | null)[] = none === undefined ? [] : [null]
    for (let last = ''; ; ) {
      const next = await all.where('zone', '>', last).orderBy('zone').limit(1).executeTakeFirst()
      if (next?.zone === undefined || next.zone === null) return found
      last = textOf(next.zone)
      found.push(last)
    }
  }

  /** By id, what is stored; nobody else writes them until the transaction ends. */
  async #held(trx: Transaction<ReachTables>, tenant: string, ids: readonly string[]): Promise<Map<string, string>> {
    const query = trx
      .selectFrom('reach_profile')
      .select(['id', 'text'])
      .where('tenant', '=', tenant)
      .where('id', 'in', inList(ids))
      .orderBy('id')
    const rows = await this.#database.dialect.locked(query).execute()
    return new Map(rows.map(({ id, text }) => [textOf(id), text]))
  }
}

function valuesOf(tenant: string): (row: ProfileRow) => readonly unknown[] {
  return ({ id, zone, search, text }) => [tenant, id, zone, search, text]
}

import type { Transaction } from 'kysely'
import type { ReachTables } from '../database/tables.js'
import { inList, insertRows } from '../ledger/bulk.js'
import { readBodies } from '../ledger/core.js'
import type { LedgerContext } from '../ledger/core.js'
import { Standing } from '../ledger/standing.js'
import { addChannels, channelsIn, groupRows, groupTarget } from './groups.js'
import type { LoggedEvent } from './packed.js'
import { unpackEvents } from './packed.js'
import { providerIdRows, providerIdTarget } from './provider-ids.js'
import { recipientRows, recipientTarget } from './recipients.js'
import type { Untold } from './untold.js'

export type FeedContext = Pick<LedgerContext, 'db' | 'dialect' | 'cache' | 'logger'>

/** What history is told of one parcel. */
interface Told {
  readonly standing: Standing
  readonly channels: Map<number, string>
  events: readonly LoggedEvent[]
  groups: readonly (readonly unknown[])[]
  recipients: readonly (readonly unknown[])[]
}

/**
 * Brings history up to date with some parcels. All is read and made before the transaction begins, which takes those
 * parcels alone that nobody wrote meanwhile: whoever did tells it.
 */
export class Telling {
  readonly #context: FeedContext
  readonly #noted: ReadonlyMap<string, Untold>
  readonly #parcels: readonly string[]

  /** What this process noted of parcels, or a parcel whoever wrote it. */
  constructor(context: FeedContext, untold: readonly Untold[] | string) {
    this.#context = context
    this.#noted = new Map(typeof untold === 'string' ? [] : untold.map((one) => [one.parcel, one]))
    this.#parcels = typeof untold === 'string' ? [untold] : [...this.#noted.keys()]
  }

  /** Answers those that somebody else wrote later, who is to tell them. */
  async run(): Promise<readonly string[]> {
    const { ours, others } = await this.#behind()
    const standings = await this.#read(ours)
    if (standings.length === 0) return others
    const told = standings.map((standing): Told => {
      return { standing, channels: new Map(), events: [], groups: [], recipients: [] }
    })
    await this.#readEvents(told)
    await this.#make(told)
    const { db, dialect } = this.#context
    await dialect.transaction(db, (trx) => this.#write(trx, told))
    return others
  }

  /** Those that history is behind with: whose last writer this process is, and the others. */
  async #behind(): Promise<{ readonly ours: readonly string[]; readonly others: readonly string[] }> {
    const [ours, others]: [string[], string[]] = [[], []]
    if (this.#parcels.length === 0) return { ours, others }
    const rows = await this.#context.db
      .selectFrom('reach_progress')
      .select(['parcel', 'version', 'told'])
      .where('parcel', 'in', inList(this.#parcels))
      .execute()
    for (const { parcel, version, told } of rows) {
      if (told >= version) continue
      const noted = this.#noted.get(parcel)
      const isOthers = noted !== undefined && noted.left !== true && version > noted.to
      if (isOthers) others.push(parcel)
      else ours.push(parcel)
    }
    return { ours, others }
  }

  async #read(parcels: readonly string[]): Promise<readonly Standing[]> {
    if (parcels.length === 0) return []
    const rows = await this.#context.db
      .selectFrom('reach_progress')
      .select(['parcel', 'version', 'told', 'open', 'done_at', 'marks', 'notes'])
      .where('parcel', 'in', inList(parcels))
      .execute()
    return rows.map((row) => new Standing(row))
  }

  /** What this process noted and what history knows already make the whole; else the log is read. */
  async #readEvents(told: readonly Told[]): Promise<void> {
    const logged: Told[] = []
    const known: Told[] = []
    for (const one of told) {
      const noted = this.#noted.get(one.standing.parcel)
      if (noted === undefined || !tellsAll(noted, one.standing)) logged.push(one)
      else {
        one.events = noted.events
        if (one.standing.told > 0) known.push(one)
      }
    }
    await this.#readLogs(logged)
    await this.#readChannels(known)
    for (const { channels, events } of told) addChannels(channels, events)
  }

  async #readLogs(told: readonly Told[]): Promise<void> {
    if (told.length === 0) return
    const logs = new Map(told.map(({ standing: { parcel } }) => [parcel, [] as LoggedEvent[]]))
    const rows = await this.#context.db
      .selectFrom('reach_log')
      .select(['parcel', 'events'])
      .where('parcel', 'in', inList(logs.keys()))
      .orderBy('parcel')
      .orderBy('id')
      .execute()
    for (const { parcel, events } of rows) for (const event of unpackEvents(events)) logs.get(parcel)?.push(event)
    for (const one of told) one.events = logs.get(one.standing.parcel) ?? []
  }

  async #readChannels(told: readonly Told[]): Promise<void> {
    if (told.length === 0) return
    const byParcel = new Map(told.map((one) => [one.standing.parcel, one]))
    const rows = await this.#context.db
      .selectFrom('reach_group')
      .select(['parcel', 'channels', 'positions'])
      .where('parcel', 'in', inList(byParcel.keys()))
      .execute()
    for (const row of rows)
      for (const [position, channels] of channelsIn([row])) byParcel.get(row.parcel)?.channels.set(position, channels)
  }

  async #make(told: readonly Told[]): Promise<void> {
    const bodies = await readBodies(
      this.#context,
      this.#context.db,
      told.map(({ standing }) => standing.parcel),
    )
    for (const one of told) {
      const read = bodies.get(one.standing.parcel)
      if (read === undefined) continue
      one.groups = groupRows(one.standing, read, one.channels)
      if (one.standing.told === 0) one.recipients = recipientRows(one.standing, read)
    }
  }

  async #write(trx: Transaction<ReachTables>, made: readonly Told[]): Promise<void> {
    const { dialect } = this.#context
    const query = trx
      .selectFrom('reach_progress')
      .select(['parcel', 'version', 'told'])
      .where('parcel', 'in', inList(made.map(({ standing }) => standing.parcel)))
      .orderBy('parcel')
    const stands = new Map((await dialect.locked(query).execute()).map((row) => [row.parcel, row]))
    const told = made.filter(({ standing: { parcel, version, told: before } }) => {
      const row = stands.get(parcel)
      return row?.version === version && row.told === before
    })
    if (told.length === 0) return
    const parcels = told.map(({ standing }) => standing.parcel)
    await trx
      .updateTable('reach_progress')
      .set((eb) => ({ told: eb.ref('version') }))
      .where('parcel', 'in', inList(parcels))
      .execute()
    const known = told.flatMap(({ standing }) => (standing.told > 0 ? standing.parcel : []))
    if (known.length > 0) await trx.deleteFrom('reach_group').where('parcel', 'in', inList(known)).execute()
    await insertRows(
      trx,
      dialect,
      groupTarget,
      told.flatMap(({ groups }) => groups),
    )
    const recipients = told.flatMap(({ recipients: rows }) => rows)
    await insertRows(trx, dialect, recipientTarget, recipients.toSorted(byRecipient))
    const events = told.map(({ standing: { parcel }, events: of }) => ({ parcel, events: of }))
    await insertRows(trx, dialect, providerIdTarget, providerIdRows(events))
  }
}

/** Nothing has happened yet when a parcel is accepted, which is its first version. */
function tellsAll({ from, to, whole }: Untold, { told, version }: Standing): boolean {
  return whole && to === version && (from === told || (from === 1 && told === 0))
}

function byRecipient([one]: readonly unknown[], [other]: readonly unknown[]): number {
  return String(one) < String(other) ? -1 : 1
}

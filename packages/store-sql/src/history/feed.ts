import type { Clock } from '@reachkit/core/spec'
import { messageId } from '@reachkit/core/spec'
import type { Transaction } from 'kysely'
import { codeOf } from '../database/retry.js'
import type { ReachTables } from '../database/tables.js'
import { inList, insertRows } from '../ledger/bulk.js'
import { byWeight, readBodies } from '../ledger/core.js'
import type { LedgerContext } from '../ledger/core.js'
import { Standing } from '../ledger/standing.js'
import type { WrittenParcel } from '../ledger/unit.js'
import {
  channelsOf,
  longestName,
  messageTarget,
  messageValues,
  providerIdTarget,
  providerIdValues,
  storable,
} from './message-rows.js'
import { unpackEvents } from './packed.js'
import type { LoggedEvent } from './packed.js'

const everyMs = 200
/** Rows that one transaction writes: it holds the progress of their parcels, so it is short. */
const mostRows = 500
/** What is kept in memory of what history is to be told; beyond it, the tables tell the same, only slower. */
const mostKept = 100_000

/** What this process wrote of a parcel since history was told of it. */
interface Untold {
  readonly parcel: string
  /** The version before the first of these writes, and the last one's. */
  readonly from: number
  to: number
  /** Nobody else wrote in between, and nothing was forgotten: the rest need not be read. */
  whole: boolean
  positions: Set<number>
  events: LoggedEvent[]
  done: boolean
}

type FeedContext = Pick<LedgerContext, 'db' | 'dialect' | 'cache' | 'logger'>

/**
 * Tells history what the ledger wrote: some time after the commit, so that an accept and its settlement make one row.
 * What a crash loses of it is found by `told` being behind `version`, and told by `repair`.
 */
export class Feed {
  readonly #context: FeedContext
  readonly #clock: Clock

  #untold = new Map<string, Untold>()
  #kept = 0
  #timer: (() => void) | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(context: FeedContext, clock: Clock) {
    this.#context = context
    this.#clock = clock
  }

  wrote(parcels: readonly WrittenParcel[]): void {
    for (const written of parcels) this.#note(written)
    if (this.#untold.size > 0 && !this.#closed) this.#timer ??= this.#clock.setTimer(everyMs, () => void this.flush())
  }

  #note({ parcel, version, positions, events, done }: WrittenParcel): void {
    const known = this.#untold.get(parcel)
    const untold: Untold = known ?? {
      parcel,
      from: version - 1,
      to: version - 1,
      whole: true,
      positions: new Set(),
      events: [],
      done,
    }
    if (known === undefined) this.#untold.set(parcel, untold)
    untold.whole &&= untold.to === version - 1 && this.#kept < mostKept
    untold.to = Math.max(untold.to, version)
    untold.done = done
    if (!untold.whole) return
    for (const position of positions) untold.positions.add(position)
    for (const event of events) untold.events.push(event)
    this.#kept += positions.length + events.length
  }

  /** Tells everything that was written before the call. */
  async flush(): Promise<void> {
    this.#timer?.()
    this.#timer = undefined
    if (this.#running !== undefined) await this.#running
    const untold = [...this.#untold.values()]
    this.#untold = new Map()
    this.#kept = 0
    this.#running = this.#tellAll(untold)
    await this.#running
    this.#running = undefined
    if (this.#untold.size > 0 && !this.#closed) this.#timer ??= this.#clock.setTimer(everyMs, () => void this.flush())
  }

  async #tellAll(untold: readonly Untold[]): Promise<void> {
    for (const some of byWeight(untold, mostRows, weightOf)) {
      try {
        await this.#tell(some)
        for (const { parcel, done } of some) if (done) this.#context.cache.delete(parcel)
      } catch (error) {
        const fields = { parcels: some.length, error: codeOf(error) ?? 'unknown' }
        this.#context.logger.warn(fields, 'history could not be told; the sweep will')
      }
      // Others have to come in between: on SQLite there is one connection that writes.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Tells all there is of these parcels, whoever wrote it. */
  async repair(parcels: readonly string[]): Promise<void> {
    const part = { from: -1, to: -1, whole: false, positions: new Set<number>(), events: [], done: false }
    for (const parcel of parcels) await this.#tell([{ parcel, ...part }])
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.flush()
  }

  async #tell(untold: readonly Untold[]): Promise<void> {
    const { db, dialect } = this.#context
    await dialect.transaction(db, async (trx) => {
      const query = trx
        .selectFrom('reach_progress')
        .select(['parcel', 'version', 'told', 'open', 'done_at', 'marks', 'notes'])
        .where('parcel', 'in', inList(untold.map(({ parcel }) => parcel)))
        .orderBy('parcel')
      const rows = await dialect.locked(query).execute()
      const standings = rows.filter(({ told, version }) => told < version).map((row) => new Standing(row))
      if (standings.length === 0) return
      const noted = new Map(untold.map((one) => [one.parcel, one]))
      const telling = standings.map((standing) => tellingOf(standing, noted.get(standing.parcel)))
      await this.#readLogs(
        trx,
        telling.filter(({ needsLog }) => needsLog),
      )
      await this.#insert(
        trx,
        telling.filter(({ isNew }) => isNew),
      )
      await this.#update(
        trx,
        telling.filter(({ isNew }) => !isNew),
      )
      // A provider may give two messages of different parcels the same id: one statement takes a key once.
      const ids = new Map(
        telling
          .flatMap(({ standing, events }) => providerIdValues(standing.parcel, events))
          .map((row) => [`${String(row[0])}\n${String(row[1])}`, row]),
      )
      await insertRows(trx, dialect, providerIdTarget, [...ids.values()])
      await trx
        .updateTable('reach_progress')
        .set((eb) => ({ told: eb.ref('version') }))
        .where('parcel', 'in', inList(standings.map(({ parcel }) => parcel)))
        .execute()
    })
  }

  async #readLogs(trx: Transaction<ReachTables>, telling: readonly Telling[]): Promise<void> {
    if (telling.length === 0) return
    const parcels = new Map(telling.map((one) => [one.standing.parcel, one]))
    const rows = await trx
      .selectFrom('reach_log')
      .select(['parcel', 'events'])
      .where('parcel', 'in', inList(parcels.keys()))
      .orderBy('id')
      .execute()
    for (const one of telling) one.events = []
    for (const { parcel, events } of rows) parcels.get(parcel)?.events.push(...unpackEvents(events))
  }

  async #insert(trx: Transaction<ReachTables>, telling: readonly Telling[]): Promise<void> {
    if (telling.length === 0) return
    const { dialect } = this.#context
    const bodies = await readBodies(
      this.#context,
      trx,
      telling.map(({ standing }) => standing.parcel),
    )
    const rows = telling.flatMap(({ standing, events }) => {
      const read = bodies.get(standing.parcel)
      if (read === undefined) return []
      const channels = channelsOf(events)
      return read.bodies.flatMap((_, position) => {
        const values = messageValues(standing, position, read, channels.get(position) ?? '')
        return values === undefined ? [] : [values]
      })
    })
    await insertRows(trx, dialect, messageTarget, rows)
  }

  /** One statement for all messages that stand alike: mostly one for a settlement. */
  async #update(trx: Transaction<ReachTables>, telling: readonly Telling[]): Promise<void> {
    const groups = new Map<string, { readonly set: MessageUpdate; readonly ids: string[] }>()
    for (const { standing, positions, events } of telling) {
      const channels = channelsOf(events)
      for (const position of positions) {
        const state = standing.state(position)
        if (state === undefined) continue
        const code = standing.reason(position)?.code
        const set: MessageUpdate = {
          state,
          outcome: standing.outcome(position) ?? null,
          reason: code === undefined ? null : storable(code, longestName),
          channels: channels.get(position) ?? '',
        }
        const key = `${set.state}\n${set.outcome}\n${set.reason}\n${set.channels}`
        const group = groups.get(key) ?? { set, ids: [] }
        if (group.ids.length === 0) groups.set(key, group)
        group.ids.push(messageId(standing.parcel, position))
      }
    }
    for (const { set, ids } of groups.values())
      for (const some of byWeight(ids, 512, () => 1))
        await trx.updateTable('reach_message').set(set).where('id', 'in', inList(some)).execute()
  }
}

interface MessageUpdate {
  readonly state: string
  readonly outcome: string | null
  readonly reason: string | null
  readonly channels: string
}

interface Telling {
  readonly standing: Standing
  /** It has no rows yet. */
  readonly isNew: boolean
  readonly needsLog: boolean
  readonly positions: Iterable<number>
  events: LoggedEvent[]
}

function tellingOf(standing: Standing, noted: Untold | undefined): Telling {
  const isNew = standing.told === 0
  const whole = noted?.whole === true && noted.from === standing.told && noted.to === standing.version
  if (whole) return { standing, isNew, needsLog: !isNew, positions: noted.positions, events: noted.events }
  return {
    standing,
    isNew,
    needsLog: true,
    positions: Array.from({ length: standing.size }, (_, at) => at),
    events: [],
  }
}

function weightOf({ positions }: Untold): number {
  return positions.size + 1
}

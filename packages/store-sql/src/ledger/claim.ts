import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Claim, ClaimedMessage, Envelope, Lease } from '@reachkit/core/spec'
import type { ParcelBodies } from './bodies.js'
import { inList, parts } from './bulk.js'
import { readCargo } from './cargo.js'
import { keptDeadLeases, readDeadLeases, tokenLength, withDeadLease } from './dead-leases.js'
import type { Outcome } from './coalescer.js'
import { readable, readBodies } from './core.js'
import type { LedgerContext } from './core.js'
import { Standing } from './standing.js'

/** A statement of more would hold its rows for long. */
const mostAtOnce = 256

interface EntryRow {
  readonly id: string
  readonly due: number
  readonly parcel: string | null
  readonly cargo: string
  readonly token: string | null
  readonly lease_until: number
  readonly dead_leases: string | null
  readonly takeovers: number
  readonly now: number
}

/** One envelope to be claimed, and for whom. */
export interface ClaimItem {
  readonly envelope: Envelope
  readonly owner: string
  readonly leaseMs: number
}

/**
 * Takes leases: one UPDATE with a condition, by itself a transaction, then the rows are read back by their token. Who
 * comes second at the same instant finds the condition false; nobody waits and nothing is skipped. Calls that were put
 * together share it where they are for the same owner and time.
 */
export async function claimAll(
  context: LedgerContext,
  items: readonly ClaimItem[],
): Promise<readonly Outcome<Claim>[]> {
  const groups = new Map<string, ClaimItem[]>()
  for (const item of items) {
    const key = `${item.leaseMs} ${item.owner}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  const outcomes = new Map<ClaimItem, Outcome<Claim>>()
  for (const group of groups.values()) {
    for (const some of parts(group, mostAtOnce)) {
      const [first] = some
      if (first === undefined) continue
      const claims = await claimSome(
        context,
        first,
        some.map(({ envelope }) => envelope),
      )
      for (const [index, item] of some.entries()) {
        const claim = claims[index]
        if (claim !== undefined) outcomes.set(item, { answer: claim })
      }
    }
  }
  return items.map((item) => outcomes.get(item) ?? { answer: { status: 'leased' } })
}

async function claimSome(
  context: LedgerContext,
  { owner, leaseMs }: Omit<ClaimItem, 'envelope'>,
  envelopes: readonly Envelope[],
): Promise<readonly Claim[]> {
  const ids = inList(envelopes.map(({ id }) => id))
  // By chance of this machine, never by a seeded one: two processes must not make the same.
  const token = randomBytes((tokenLength * 3) / 4).toString('base64url')
  await take(context, ids, token, owner, leaseMs)
  const rows = await readEntries(context, ids)
  const mine = [...rows.values()].filter((row) => row.token === token)
  const messages = await readMessages(context, mine)
  const empty = mine.filter((row) => isOver(row, messages)).map(({ id }) => id)
  if (empty.length > 0) await dropEmpty(context, empty, token)
  const told = new Set<string>()
  const claims = envelopes.map(({ id }): Claim => {
    // The same envelope twice in one call: one is granted.
    if (told.has(id) && rows.get(id)?.token === token) return { status: 'leased' }
    told.add(id)
    return claimOf(rows.get(id), token, messages)
  })
  const collisions = claims.filter(({ status }) => status === 'leased').length
  if (collisions > 0) context.listeners.collided(collisions)
  return claims
}

/** MySQL evaluates assignments from left to right, so what is kept of the lease before comes first. */
async function take(
  { db, dialect }: LedgerContext,
  ids: readonly string[],
  token: string,
  owner: string,
  leaseMs: number,
): Promise<void> {
  const update = db
    .updateTable('reach_entry')
    .set({
      dead_leases: withDeadLease(dialect),
      takeovers: sql<number>`takeovers + case when token is null then 0 else 1 end`,
      slices: 0,
      pushes: 0,
      token,
      owner,
      lease_until: sql<number>`${dialect.now} + ${Math.trunc(leaseMs)}`,
    })
    .where('id', 'in', ids)
    .where((eb) => eb.or([eb('token', 'is', null), eb('lease_until', '<=', dialect.now)]))
    .where('due', '<=', dialect.now)
  await dialect.retry(() => update.execute())
}

async function readEntries({ db, dialect }: LedgerContext, ids: readonly string[]): Promise<Map<string, EntryRow>> {
  const rows = await db
    .selectFrom('reach_entry')
    .select(['id', 'due', 'parcel', 'cargo', 'token', 'lease_until', 'dead_leases', 'takeovers'])
    .select(dialect.now.as('now'))
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** By entry; those without messages by nature are left out. */
async function readMessages(
  context: LedgerContext,
  rows: readonly EntryRow[],
): Promise<Map<string, readonly ClaimedMessage[]>> {
  const parcels = rows.flatMap(({ parcel }) => parcel ?? [])
  if (parcels.length === 0) return new Map()
  const [standings, bodies] = [await readStandings(context, parcels), await readBodies(context, context.db, parcels)]
  return new Map(
    rows.flatMap((row) => {
      if (row.parcel === null) return []
      const [standing, read] = [standings.get(row.parcel), bodies.get(row.parcel)]
      // It is there, but cannot be read: nothing may be forgotten of it.
      if (standing !== undefined && read === undefined) return []
      const found = readable(() => claimable(row, standing, read), { entry: row.id }, context.logger)
      return found === undefined ? [] : [[row.id, found] as const]
    }),
  )
}

export async function readStandings(
  { db }: Pick<LedgerContext, 'db'>,
  parcels: readonly string[],
): Promise<Map<string, Standing>> {
  if (parcels.length === 0) return new Map()
  const rows = await db
    .selectFrom('reach_progress')
    .select(['parcel', 'version', 'told', 'open', 'done_at', 'marks', 'notes'])
    .where('parcel', 'in', inList(parcels))
    .execute()
  return new Map(rows.map((row) => [row.parcel, new Standing(row)]))
}

/** Those whose step still matches and that wait, are held and due, or were being sent. */
function claimable(
  { cargo: text, now }: EntryRow,
  standing: Standing | undefined,
  bodies: ParcelBodies | undefined,
): readonly ClaimedMessage[] {
  const cargo = readCargo(text)
  if (cargo.kind !== 'messages' || standing === undefined || bodies === undefined) return []
  const messages: ClaimedMessage[] = []
  for (const [index, position] of cargo.positions.entries()) {
    const state = standing.state(position)
    if (state === undefined || state === 'done' || standing.step(position) !== cargo.steps[index]) continue
    if (state !== 'sending' && standing.due(position) > now) continue
    const message = standing.claimed(position, bodies)
    if (message !== undefined) messages.push(message)
  }
  return messages
}

function claimOf(
  row: EntryRow | undefined,
  token: string,
  messages: ReadonlyMap<string, readonly ClaimedMessage[]>,
): Claim {
  if (row === undefined) return { status: 'gone' }
  if (row.token !== token) {
    if (row.token !== null && row.lease_until > row.now) return { status: 'leased' }
    return row.due > row.now ? { status: 'not-due', due: row.due } : { status: 'leased' }
  }
  const found = row.parcel === null ? [] : messages.get(row.id)
  if (found === undefined) return { status: 'leased' }
  if (isOver(row, messages)) return { status: 'gone' }
  return {
    status: 'claimed',
    entry: row.id,
    token,
    takeovers: row.takeovers,
    before: readDeadLeases(row.dead_leases),
    messages: found,
  }
}

/** Nothing of it is left to do, and there is no dead lease to be resolved. */
function isOver(
  { id, dead_leases: dead }: EntryRow,
  messages: ReadonlyMap<string, readonly ClaimedMessage[]>,
): boolean {
  return dead === null && messages.get(id)?.length === 0
}

async function dropEmpty({ db, dialect }: LedgerContext, ids: readonly string[], token: string): Promise<void> {
  const drop = db.deleteFrom('reach_entry').where('id', 'in', inList(ids)).where('token', '=', token)
  await dialect.retry(() => drop.execute())
}

export async function renewAll(
  { db, dialect }: LedgerContext,
  leases: readonly Lease[],
  leaseMs: number,
): Promise<readonly boolean[]> {
  const held = new Set<string>()
  for (const some of parts(leases, mostAtOnce)) {
    const update = db
      .updateTable('reach_entry')
      .set({ lease_until: sql<number>`${dialect.now} + ${Math.trunc(leaseMs)}` })
      .where((eb) => eb.or(some.map(({ entry, token }) => eb.and([eb('id', '=', entry), eb('token', '=', token)]))))
    await dialect.retry(() => update.execute())
    const ids = inList(some.map(({ entry }) => entry))
    const rows = await db.selectFrom('reach_entry').select(['id', 'token']).where('id', 'in', ids).execute()
    for (const { id, token } of rows) held.add(`${id} ${token}`)
  }
  return leases.map(({ entry, token }) => held.has(`${entry} ${token}`))
}

/** Gives leases back; with `due`, the entries are not claimed again before that. */
export async function yieldAll(
  { db, dialect }: LedgerContext,
  leases: readonly Lease[],
  instant: number | undefined,
): Promise<void> {
  const due = instant === undefined ? undefined : Math.ceil(instant)
  for (const some of parts(leases, mostAtOnce)) {
    const update = db
      .updateTable('reach_entry')
      .set({ dead_leases: keptDeadLeases, token: null, owner: null, lease_until: 0, slices: 0, pushes: 0 })
      .set((eb) => ({ ...(due !== undefined && { due }), pushed_at: due ?? eb.ref('due') }))
      .where((eb) => eb.or(some.map(({ entry, token }) => eb.and([eb('id', '=', entry), eb('token', '=', token)]))))
    await dialect.retry(() => update.execute())
  }
}

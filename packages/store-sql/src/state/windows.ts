import type { WindowAnswer, WindowEntry, WindowRead } from '@reachkit/core/spec'
import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Database, Dialect } from '../database/dialect.js'
import type { ReachTables, WindowTable } from '../database/tables.js'
import { chunked, upsert } from '../database/upsert.js'
import { fit, keyWidth, memberWidth } from './keys.js'

/** Each window has one row without a member, that is held while the window is looked at and written. */
const anchor = ''

function rowMember(member: string): string {
  return `.${fit(member, memberWidth - 1)}`
}

export async function enter(
  { db, dialect }: Database,
  entries: readonly WindowEntry[],
): Promise<readonly WindowAnswer[]> {
  if (entries.length === 0) return []
  const fitted = entries.map((entry) => ({ ...entry, key: fit(entry.key, keyWidth), member: rowMember(entry.member) }))
  const keys = [...new Set(fitted.map(({ key }) => key))].toSorted()
  return dialect.transaction(db, async (trx) => {
    await holdAnchors(trx, dialect, keys)
    const { now, windows, anchors } = await readWindows(trx, dialect, keys)
    const entered: WindowTable[] = []
    const answers = fitted.map((entry) => {
      const window = windows.get(entry.key) ?? new Map<string, number>()
      windows.set(entry.key, window)
      const answer = enterOne(window, entry, now)
      if (answer === 'new') {
        const { key, member, windowMs } = entry
        entered.push({ key, member, entered_at: now, expires_at: now + Math.ceil(windowMs) })
      }
      return answer === 'new' || answer === 'known' ? { entered: true, until: undefined } : answer
    })
    await writeWindows(trx, dialect, entered, anchors)
    return answers
  })
}

function enterOne(
  window: Map<string, number>,
  { member, max, windowMs }: WindowEntry,
  now: number,
): WindowAnswer | 'new' | 'known' {
  // Oldest first, as they were read.
  for (const [other, came] of window) {
    if (came + windowMs > now) break
    window.delete(other)
  }
  if (window.has(member)) return 'known'
  if (window.size < max) {
    window.set(member, now)
    return 'new'
  }
  const leaving = [...window.values()][window.size - max]
  return { entered: false, until: leaving === undefined ? undefined : leaving + windowMs }
}

export async function leave(
  { db, dialect }: Database,
  members: readonly { readonly key: string; readonly member: string }[],
): Promise<void> {
  const byKey = new Map<string, string[]>()
  for (const { key, member } of members) {
    const fitted = fit(key, keyWidth)
    byKey.set(fitted, [...(byKey.get(fitted) ?? []), rowMember(member)])
  }
  const keys = [...byKey.keys()].toSorted()
  if (keys.length === 0) return
  await dialect.transaction(db, async (trx) => {
    for (const key of keys) {
      await trx
        .deleteFrom('reach_window')
        .where('key', '=', key)
        .where('member', 'in', byKey.get(key) ?? [])
        .execute()
    }
  })
}

export function readMembers(
  database: Database,
  windows: readonly WindowRead[],
): Promise<readonly (readonly string[])[]> {
  return Promise.all(windows.map((window) => membersOf(database, window)))
}

async function membersOf({ db, dialect }: Database, { key, windowMs, limit }: WindowRead): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('reach_window')
    .select('member')
    .where('key', '=', fit(key, keyWidth))
    .where('member', '!=', anchor)
    .where('entered_at', '>', sql<number>`${dialect.now} - ${Math.ceil(windowMs)}`)
    .orderBy('entered_at')
    .orderBy('member')
    .limit(limit)
    .execute()
  return rows.map(({ member }) => member.slice(1))
}

async function holdAnchors(trx: Transaction<ReachTables>, dialect: Dialect, keys: readonly string[]): Promise<void> {
  const held = new Set(await readAnchors(trx, dialect, keys))
  const missing = keys.filter((key) => !held.has(key))
  if (missing.length === 0) return
  const rows = missing.map((key) => ({ key, member: anchor, entered_at: 0, expires_at: 0 }))
  await upsert(trx, dialect, { table: 'reach_window', key: ['key', 'member'], rows, set: [] })
  await readAnchors(trx, dialect, missing)
}

async function readAnchors(
  trx: Transaction<ReachTables>,
  dialect: Dialect,
  keys: readonly string[],
): Promise<readonly string[]> {
  const held: string[] = []
  for (const chunk of chunked(keys, dialect.mostValues)) {
    const rows = await dialect
      .locked(trx.selectFrom('reach_window').select('key').where('key', 'in', chunk).where('member', '=', anchor))
      .orderBy('key')
      .execute()
    held.push(...rows.map(({ key }) => key))
  }
  return held
}

interface Windows {
  readonly now: number
  /** The members of each key with the time they came, oldest first. */
  readonly windows: Map<string, Map<string, number>>
  /** Until when the anchor of each key is kept: as long as anybody is in. */
  readonly anchors: Map<string, number>
}

/** Read after the anchors are held, so nobody changes it. */
async function readWindows(trx: Transaction<ReachTables>, dialect: Dialect, keys: readonly string[]): Promise<Windows> {
  const windows = new Map<string, Map<string, number>>()
  const anchors = new Map<string, number>()
  let now = 0
  for (const chunk of chunked(keys, dialect.mostValues)) {
    const rows = await trx
      .selectFrom('reach_window')
      .select(['key', 'member', 'entered_at', 'expires_at', dialect.now.as('read_at')])
      .where('key', 'in', chunk)
      .orderBy('entered_at')
      .orderBy('member')
      .execute()
    for (const { key, member, entered_at, expires_at, read_at } of rows) {
      now = Math.max(now, read_at)
      if (member === anchor) anchors.set(key, expires_at)
      else windows.set(key, (windows.get(key) ?? new Map<string, number>()).set(member, entered_at))
    }
  }
  return { now, windows, anchors }
}

async function writeWindows(
  trx: Transaction<ReachTables>,
  dialect: Dialect,
  entered: readonly WindowTable[],
  anchors: ReadonlyMap<string, number>,
): Promise<void> {
  // By name: who left by time and comes again has a row still, and each anchor is written once.
  const rows = new Map<string, WindowTable>()
  for (const row of entered) {
    const { key, expires_at } = row
    const kept = Math.max(rows.get(key)?.expires_at ?? anchors.get(key) ?? 0, expires_at)
    rows.set(key, { key, member: anchor, entered_at: 0, expires_at: kept })
    rows.set(JSON.stringify([key, row.member]), row)
  }
  const set = ['entered_at', 'expires_at'] as const
  await upsert(trx, dialect, { table: 'reach_window', key: ['key', 'member'], rows: [...rows.values()], set })
}

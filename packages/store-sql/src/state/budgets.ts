import type { BudgetLevel, BudgetLine, ReservationEnd } from '@reachkit/core/spec'
import { sql, type Transaction } from 'kysely'
import type { Database, Dialect, Queries } from '../database/dialect.js'
import type { BudgetTable, ReachTables, ReservationTable } from '../database/tables.js'
import { chunked, upsert } from '../database/upsert.js'
import { fit, memberWidth } from './keys.js'

const empty: BudgetLevel = { left: 0, reserved: 0, spent: 0 }

export async function credit({ db, dialect }: Database, budget: string, amount: number): Promise<number> {
  const key = fit(budget, memberWidth)
  return dialect.transaction(db, async (trx) => {
    const rows = [{ key, left_amount: 0, reserved: 0, spent: 0 }]
    await upsert(trx, dialect, { table: 'reach_budget', key: ['key'], rows, set: [] })
    await trx
      .updateTable('reach_budget')
      .set({ left_amount: sql`left_amount + ${amount}` })
      .where('key', '=', key)
      .execute()
    const { left_amount } = await trx
      .selectFrom('reach_budget')
      .select('left_amount')
      .where('key', '=', key)
      .executeTakeFirstOrThrow()
    return left_amount
  })
}

export async function levels({ db, dialect }: Database, keys: readonly string[]): Promise<readonly BudgetLevel[]> {
  const fitted = keys.map((key) => fit(key, memberWidth))
  const found = new Map<string, BudgetLevel>()
  for (const chunk of chunked(fitted, dialect.mostValues)) {
    const rows = await db.selectFrom('reach_budget').selectAll().where('key', 'in', chunk).execute()
    for (const { key, left_amount, reserved, spent } of rows) found.set(key, { left: left_amount, reserved, spent })
  }
  return fitted.map((key) => found.get(key) ?? empty)
}

export async function reserve(
  { db, dialect }: Database,
  reservation: string,
  lines: readonly BudgetLine[],
): Promise<readonly boolean[]> {
  if (lines.length === 0) return []
  const name = fit(reservation, memberWidth)
  const fitted = lines.map((line) => ({
    amount: line.amount,
    budget: fit(line.budget, memberWidth),
    member: fit(line.member, memberWidth),
  }))
  return dialect.transaction(db, async (trx) => {
    const budgets = await holdBudgets(trx, dialect, new Set(fitted.map(({ budget }) => budget)))
    const known = await readLines(trx, dialect, [name])
    const now = budgets.now
    const states = new Map(known.map((line) => [lineName(line), line.state]))
    const added: ReservationTable[] = []
    const granted = fitted.map((line) => {
      const state = states.get(lineName(line))
      if (state !== undefined) return state !== 'released'
      const level = budgets.levels.get(line.budget)
      if (level === undefined || level.left_amount < line.amount) return false
      move(level, line.amount, 'left_amount', 'reserved')
      states.set(lineName(line), 'reserved')
      added.push({ reservation: name, ...line, state: 'reserved', at: now })
      return true
    })
    const key = ['reservation', 'member', 'budget'] as const
    await upsert(trx, dialect, { table: 'reach_reservation', key, rows: added, set: ['amount'] })
    await writeBudgets(trx, dialect, budgets, new Set(added.map(({ budget }) => budget)))
    return granted
  })
}

/** Ends lines of reservations; one without `release` and `confirm` lists is ended wholly by `rest`. */
export interface WantedEnd extends ReservationEnd {
  /** What becomes of the lines that neither list names. */
  readonly rest?: 'released'
}

/**
 * Confirms and releases within a transaction of the caller's: idempotent, and what is unknown is passed over. Holds the
 * budgets, in the order of their keys, until the transaction ends.
 */
export async function endReservations(
  trx: Transaction<ReachTables>,
  dialect: Dialect,
  ends: readonly WantedEnd[],
): Promise<void> {
  const names = [...new Set(ends.map(({ reservation }) => fit(reservation, memberWidth)))]
  const seen = await readLines(trx, dialect, names)
  const open = seen.filter(({ state }) => state === 'reserved')
  if (open.length === 0) return
  const budgets = await holdBudgets(trx, dialect, new Set(open.map(({ budget }) => budget)))
  // Read again: only who holds a budget moves its lines.
  const lines = (await readLines(trx, dialect, names)).filter(
    (line) => line.state === 'reserved' && budgets.levels.has(line.budget),
  )
  const wanted = wantedStates(ends)
  const ended: ReservationTable[] = []
  for (const line of lines) {
    const of = wanted.get(line.reservation)
    const state = of?.members.get(line.member) ?? of?.rest
    const level = budgets.levels.get(line.budget)
    if (state === undefined || level === undefined) continue
    const spent = state === 'released' ? 0 : (of?.amounts.get(line.member) ?? line.amount)
    move(level, line.amount, 'reserved', 'left_amount')
    move(level, spent, 'left_amount', 'spent')
    ended.push({ ...line, state, at: budgets.now })
  }
  const key = ['reservation', 'member', 'budget'] as const
  await upsert(trx, dialect, { table: 'reach_reservation', key, rows: ended, set: ['state', 'at'] })
  await writeBudgets(trx, dialect, budgets, new Set(ended.map(({ budget }) => budget)))
}

type EndState = 'confirmed' | 'released'

interface WantedStates {
  readonly members: Map<string, EndState>
  /** What members spend in place of what they reserved. */
  readonly amounts: Map<string, number>
  rest: EndState | undefined
}

/** By reservation; of two wishes for one line the first counts. */
function wantedStates(ends: readonly WantedEnd[]): ReadonlyMap<string, WantedStates> {
  const wanted = new Map<string, WantedStates>()
  for (const { reservation, confirm, release, amounts, rest } of ends) {
    const name = fit(reservation, memberWidth)
    const of = wanted.get(name) ?? { members: new Map<string, EndState>(), amounts: new Map(), rest: undefined }
    wanted.set(name, of)
    for (const [members, state] of [[confirm, 'confirmed'] as const, [release, 'released'] as const]) {
      for (const member of members) {
        const fitted = fit(member, memberWidth)
        if (of.members.has(fitted)) continue
        of.members.set(fitted, state)
        const amount = amounts?.get(member)
        if (amount !== undefined) of.amounts.set(fitted, amount)
      }
    }
    of.rest ??= rest
  }
  return wanted
}

type Level = { -readonly [Column in keyof BudgetTable]: BudgetTable[Column] }

interface HeldBudgets {
  readonly now: number
  readonly levels: ReadonlyMap<string, Level>
}

async function holdBudgets(
  trx: Transaction<ReachTables>,
  dialect: Dialect,
  keys: ReadonlySet<string>,
): Promise<HeldBudgets> {
  const held = new Map<string, Level>()
  let now = 0
  for (const chunk of chunked([...keys].toSorted(), dialect.mostValues)) {
    const rows = await dialect
      .locked(trx.selectFrom('reach_budget').selectAll().select(dialect.now.as('read_at')).where('key', 'in', chunk))
      .orderBy('key')
      .execute()
    for (const { read_at, ...level } of rows) {
      now = Math.max(now, read_at)
      held.set(level.key, level)
    }
  }
  return { now, levels: held }
}

async function writeBudgets(
  trx: Transaction<ReachTables>,
  dialect: Dialect,
  { levels: held }: HeldBudgets,
  changed: ReadonlySet<string>,
): Promise<void> {
  const rows = [...held.values()].filter(({ key }) => changed.has(key))
  const set = ['left_amount', 'reserved', 'spent'] as const
  await upsert(trx, dialect, { table: 'reach_budget', key: ['key'], rows, set })
}

async function readLines(
  db: Queries,
  dialect: Dialect,
  reservations: readonly string[],
): Promise<readonly ReservationTable[]> {
  const lines: ReservationTable[] = []
  for (const chunk of chunked(reservations, dialect.mostValues)) {
    lines.push(...(await db.selectFrom('reach_reservation').selectAll().where('reservation', 'in', chunk).execute()))
  }
  return lines
}

function lineName({ member, budget }: Pick<ReservationTable, 'member' | 'budget'>): string {
  return JSON.stringify([member, budget])
}

type Part = 'left_amount' | 'reserved' | 'spent'

function move(level: Level, amount: number, from: Part, to: Part): void {
  level[from] -= amount
  level[to] += amount
}

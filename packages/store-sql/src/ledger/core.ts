import { setImmediate } from 'node:timers/promises'
import { isReachError } from '@reachkit/core/spec'
import type { Logger } from '@reachkit/core/spec'
import type { Transaction } from 'kysely'
import type { Database, Dialect, Queries } from '../database/dialect.js'
import { codeOf } from '../database/retry.js'
import type { ReachTables } from '../database/tables.js'
import { unpackBodies, unreadableBodies } from './bodies.js'
import type { ParcelBodies } from './bodies.js'
import type { BodyCache } from './body-cache.js'
import type { Outcome } from './coalescer.js'
import { inList, parts } from './bulk.js'
import type { Written } from './unit.js'

/** Lengths of time, in milliseconds. */
export interface LedgerLimits {
  /** How long what is done is kept. */
  readonly retentionMs: number
  /** How long a digest is known, at least. */
  readonly dedupeMs: number
  /** The first interval after which an entry is pushed again, to a pool of another engine; it doubles each time. */
  readonly pushAgainMs: number
}

/** Who is told of what was committed. Both may lose it: the pool looks by itself, and history is repaired. */
interface Listeners {
  readonly arrived: (envelopes: Written['envelopes']) => void
  readonly wrote: (parcels: Written['parcels']) => void
  /** Entries that the pool handed out and somebody else holds: several processes take from the same end. */
  readonly collided: (count: number) => void
  /** A sweep looks for what history was not told of. */
  readonly swept: () => Promise<void>
}

/** What all verbs of the ledger share. */
export interface LedgerContext {
  readonly db: Database['db']
  /** For what is urgent. */
  readonly urgent: Database['db']
  readonly dialect: Dialect
  readonly limits: LedgerLimits
  readonly cache: BodyCache
  readonly logger: Logger
  readonly listeners: Listeners
}

/** A batch in one transaction holds others up no longer than about ten milliseconds. */
export const mostMessagesAtOnce = 1_000

/**
 * Runs a batch in one transaction, and each of it alone where that fails: what is wrong with one does not stop the
 * others. Alone, one is tried twice: whoever wrote the same key at the same instant has committed by then, and is seen.
 */
export async function inOneStep<Item, Answer>(
  { db, dialect }: Pick<LedgerContext, 'db' | 'dialect'>,
  items: readonly Item[],
  work: (trx: Transaction<ReachTables>, items: readonly Item[]) => Promise<readonly Answer[]>,
): Promise<readonly Outcome<Answer>[]> {
  const step = async (some: readonly Item[]): Promise<readonly Outcome<Answer>[]> => {
    const answers = await dialect.transaction(db, (trx) => work(trx, some))
    return answers.map((answer) => ({ answer }))
  }
  try {
    return await step(items)
  } catch (error) {
    if (!isOfAnItem(error)) throw error
  }
  const outcomes: Outcome<Answer>[] = []
  for (const item of items) {
    try {
      outcomes.push(...(await step([item]).catch(() => step([item]))))
    } catch (error) {
      outcomes.push({ error })
    }
  }
  return outcomes
}

/**
 * Whether an error may be that of one item: a value that the server refuses, a key that is there, a row that cannot be
 * read. Where the server is away, it is so for each item, and nobody waits for each to find out.
 */
export function isOfAnItem(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== undefined)
    return /^(22|23)...$|^ER_(?!CON_|SERVER_SHUTDOWN)|^SQLITE_(CONSTRAINT|TOOBIG|MISMATCH|ERROR)/.test(code)
  return error instanceof Error && !isReachError(error) && !/connect/i.test(error.message)
}

/** Bodies of parcels: from memory where this process has them, else read and kept. */
export async function readBodies(
  { cache, dialect, logger }: Pick<LedgerContext, 'cache' | 'dialect' | 'logger'>,
  queries: Queries,
  parcels: readonly string[],
): Promise<Map<string, ParcelBodies>> {
  const found = new Map<string, ParcelBodies>()
  const missing: string[] = []
  for (const parcel of parcels) {
    const known = cache.get(parcel)
    if (known === undefined) missing.push(parcel)
    else found.set(parcel, known)
  }
  for (const some of parts(missing, Math.min(64, dialect.mostValues))) {
    const rows = await queries
      .selectFrom('reach_parcel')
      .select(['id', 'tenant', 'accepted_at', 'size', 'run', 'bodies'])
      .where('id', 'in', inList(some))
      .execute()
    const turn = createTurn()
    for (const { id, tenant, accepted_at: acceptedAt, size, run: ofRun, bodies } of rows) {
      if (turn.isOver()) await turn.end()
      const parcel = { tenant, acceptedAt, run: ofRun ?? undefined }
      const unpacked = readable(() => unpackBodies(bodies), { parcel: id }, logger)
      if (unpacked === undefined) {
        found.set(id, { ...parcel, bodies: unreadableBodies(size) })
        continue
      }
      const read = { ...parcel, bodies: unpacked }
      cache.set(id, read)
      found.set(id, read)
    }
  }
  return found
}

/** What cannot be read is told and left out: the rest goes on. */
export function readable<T>(read: () => T, fields: Readonly<Record<string, string>>, logger: Logger): T | undefined {
  try {
    return read()
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error
    logger.error({ ...fields, error: name }, 'a row of the store cannot be read; it is passed over')
    return undefined
  }
}

/** No synchronous stretch over some milliseconds: batch work gives way by time. */
export function createTurn(budgetMs = 4): { isOver(): boolean; end(): Promise<void> } {
  let began = performance.now()
  return {
    isOver: () => performance.now() - began >= budgetMs,
    async end() {
      await setImmediate()
      began = performance.now()
    },
  }
}

/** Cuts a batch so that no part is heavier than `most`; what is heavier alone is a part of its own. */
export function byWeight<T>(items: readonly T[], most: number, weigh: (item: T) => number): T[][] {
  const cut: T[][] = []
  let weight = Number.POSITIVE_INFINITY
  for (const item of items) {
    const own = weigh(item)
    if (weight + own > most) {
      cut.push([])
      weight = 0
    }
    cut.at(-1)?.push(item)
    weight += own
  }
  return cut
}

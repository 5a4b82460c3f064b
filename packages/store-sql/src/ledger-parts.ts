import type { Ledger, Pool, StoreContext } from '@reachkit/core/spec'
import type { Database } from './database/dialect.js'
import { SqlBook } from './book/book.js'
import { Deeds } from './book/deeds.js'
import { Feed } from './history/feed.js'
import { SqlHistory } from './history/history.js'
import { Repair } from './history/repair.js'
import { BodyCache } from './ledger/body-cache.js'
import type { LedgerContext, LedgerLimits } from './ledger/core.js'
import { SqlLedger } from './ledger/ledger.js'
import { SqlPool } from './pool/pool.js'
import type { PoolTiming } from './pool/pool.js'
import { createChangeWatch } from './pool/watch.js'
import { pruneState } from './state/prune.js'

/** Lengths of time, in milliseconds. What is left out has the default that is told. */
export interface PartsOptions {
  /** How long what is done is kept, with its history. Seven days. */
  readonly retentionMs?: number
  /** How long a dedupe key is known, at least; at most twice that. A day. */
  readonly dedupeMs?: number
  /** After how long an entry that nobody claimed is pushed again, to a pool of another engine; it doubles. Two seconds. */
  readonly pushAgainMs?: number
  /** How long the pool waits for an ack. Thirty seconds. */
  readonly poolLeaseMs?: number
  /** How long the book keeps what recipients did, at least. 90 days. */
  readonly eventsForMs?: number
  /** A pool of another engine carries the envelopes. */
  readonly otherPool?: boolean
}

const dayMs = 86_400_000
/** What has expired in State and in the book goes once in so many sweeps, which is about once a minute. */
const sweepsAPruning = 60
/** Some tens of megabytes at most. */
const cacheCharacters = 16_000_000

export interface LedgerParts {
  readonly ledger: Ledger
  readonly history: SqlHistory
  readonly book: SqlBook
  readonly pool: Pool | undefined
  /** Tells history the rest, and answers those who wait at the pool. The database stays open. */
  readonly close: () => Promise<void>
}

export function createLedgerParts(database: Database, context: StoreContext, options: PartsOptions = {}): LedgerParts {
  const { clock, logger, random } = context
  const { db, dialect } = database
  const cache = new BodyCache(cacheCharacters)
  const feed = new Feed({ db, dialect, cache, logger }, clock)
  const repair = new Repair(database, feed, clock)
  // Urgent messages of other processes are found by it.
  const looking = { db: database.urgent ?? db, dialect }
  const pool =
    options.otherPool === true
      ? undefined
      : new SqlPool(looking, createChangeWatch(looking), poolTiming(dialect.name, options), {
          clock,
          logger,
          random: () => random.next(),
        })
  const deeds = new Deeds(database)
  let sweeps = 0
  const ledgerContext: LedgerContext = {
    db,
    urgent: database.urgent ?? db,
    dialect,
    cache,
    logger,
    limits: ledgerLimits(options),
    listeners: {
      arrived: (envelopes) => pool?.arrived(envelopes),
      collided: () => pool?.collided(),
      wrote: (parcels) => feed.wrote(parcels),
      swept: async () => {
        await repair.step()
        sweeps += 1
        if (sweeps % sweepsAPruning !== 0) return
        await pruneState(database, 500)
        await deeds.prune(options.eventsForMs ?? 90 * dayMs)
      },
    },
  }
  const ledger = new SqlLedger(ledgerContext, { durable: true, pool: pool !== undefined, reservations: true })
  const close = async (): Promise<void> => {
    await pool?.close()
    await feed.close()
  }
  const history = new SqlHistory({ db, dialect, cache, logger })
  return { ledger, history, book: new SqlBook(database), pool, close }
}

function ledgerLimits({ retentionMs, dedupeMs, pushAgainMs }: PartsOptions): LedgerLimits {
  return {
    retentionMs: retentionMs ?? 7 * dayMs,
    dedupeMs: dedupeMs ?? dayMs,
    pushAgainMs: pushAgainMs ?? 2_000,
  }
}

/** On SQLite it costs next to nothing to ask whether anybody wrote; a server is asked less often while nothing comes. */
function poolTiming(dialect: Database['dialect']['name'], { poolLeaseMs: leaseMs = 30_000 }: PartsOptions): PoolTiming {
  if (dialect === 'sqlite') return { leaseMs, quickMs: 20, slowMs: 20, fullMs: 250 }
  return { leaseMs, quickMs: 20, slowMs: 100, fullMs: 100 }
}

import { randomBytes } from 'node:crypto'
import type { NewParcel, Outbox, Store, StoreContext, StoreParts } from '@reachkit/core/spec'
import type { Dialect, OpenDatabase } from '../database/dialect.js'
import { storeError } from '../database/failures.js'
import { migrate, migrateDown } from '../database/migrate.js'
import type { PartsOptions } from '../ledger-parts.js'
import { openParts } from '../open-parts.js'
import { appendParcels, isSqlTransaction } from '../outbox/outbox.js'
import type { SqlTransaction } from '../outbox/transactions.js'
import type { HostedParts, RelaySide } from '../worker/protocol.js'

/**
 * A store on SQL, which is an outbox too: `createReach({ store })` takes it for all, `createReach({ store: other, outbox })`
 * for the transactions of the app alone.
 */
export interface SqlStore extends Store<SqlTransaction>, Outbox<SqlTransaction> {
  readonly specVersion: 1
  /** Brings the tables up to date: for a deployment that does it before the app, which then has `migrate: false`. */
  migrate(): Promise<void>
  /** Takes migrations back, down to the one with this number; 0 takes all. Their data is lost. */
  migrateDown(to: number): Promise<void>
  /** Closes what `claim` and `done` have opened where the store itself was never opened. */
  close(): Promise<void>
}

export interface OpenedStore {
  readonly parts: HostedParts
  close(): Promise<void>
}

export interface StoreSource {
  readonly name: string
  readonly dialect: Dialect['name']
  /** How long a digest is known, at least. */
  readonly dedupeMs: number | undefined
  /** The database alone, in this thread, with its tables as they are. */
  readonly openDatabase: () => Promise<OpenDatabase>
  readonly open: (context: StoreContext) => Promise<OpenedStore>
}

export function sqlStore({ name, dialect, dedupeMs, open, openDatabase }: StoreSource): SqlStore {
  let opened: Promise<OpenedStore> | undefined
  const openCoded = async (context: StoreContext): Promise<OpenedStore> => {
    try {
      return await open(context)
    } catch (error) {
      throw storeError(error)
    }
  }
  const relay = async (): Promise<HostedParts['outbox']> => {
    opened ??= openCoded(quietContext)
    return (await opened).parts.outbox
  }
  const isTransaction = (value: unknown): value is SqlTransaction => isSqlTransaction(value, { name: dialect })
  const append = async (tx: unknown, parcels: readonly NewParcel[]): Promise<void> => {
    try {
      // Refuses what is none.
      await appendParcels(tx as SqlTransaction, { name: dialect }, parcels)
    } catch (error) {
      throw storeError(error)
    }
  }
  return {
    specVersion: 1,
    name,
    async open(context): Promise<StoreParts> {
      const store = await openCoded(context)
      opened ??= Promise.resolve(store)
      const { ledger, state, history, book, pool, outbox } = store.parts
      return {
        ledger,
        state,
        history,
        book,
        ...(pool !== undefined && { pool }),
        ...(dedupeMs !== undefined && { dedupeMs }),
        outbox: { specVersion: 1, isTransaction, append, ...relayOf(outbox) },
        close: () => store.close(),
      }
    },
    isTransaction,
    append,
    claim: async (limit) => (await relay()).claim(limit),
    done: async (ids) => (await relay()).done(ids),
    backlog: async () => (await relay()).backlog(),
    migrate: () => onDatabase(openDatabase, migrate),
    migrateDown: (to) => onDatabase(openDatabase, (database) => migrateDown(database, to)),
    async close() {
      const store = await opened
      opened = undefined
      await store?.close()
    },
  }
}

/** Bound, so that it can be spread: a part may be an object of a class. */
function relayOf(outbox: RelaySide): RelaySide {
  return {
    claim: (limit) => outbox.claim(limit),
    done: (ids) => outbox.done(ids),
    backlog: () => outbox.backlog(),
  }
}

async function onDatabase(
  open: () => Promise<OpenDatabase>,
  work: (database: OpenDatabase) => Promise<void>,
): Promise<void> {
  try {
    const database = await open()
    try {
      await work(database)
    } finally {
      await database.close()
    }
  } catch (error) {
    throw storeError(error)
  }
}

/** Whether the pool is another engine's is told when the store is opened. */
export function withPool(options: PartsOptions, { otherPool }: StoreContext): PartsOptions {
  return otherPool === undefined ? options : { ...options, otherPool }
}

/** The parts on a database of this thread, closed together. */
export async function openOn(
  database: OpenDatabase,
  context: StoreContext,
  options: PartsOptions,
): Promise<OpenedStore> {
  try {
    const parts = await openParts(database, context, withPool(options, context))
    let closing: Promise<void> | undefined
    const end = async (): Promise<void> => {
      try {
        await parts.close()
      } finally {
        await database.close()
      }
    }
    return { parts, close: () => (closing ??= end()) }
  } catch (error) {
    await database.close().catch(() => {})
    throw storeError(error)
  }
}

const ignore = (): void => {}

/** For an outbox beside another store: its own two verbs log nothing and wait for nothing. */
const quietContext: StoreContext = {
  clock: {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimer(delayMs, callback) {
      const timer = setTimeout(callback, delayMs)
      timer.unref()
      return () => clearTimeout(timer)
    },
  },
  random: { next: () => Math.random(), bytes: (length) => new Uint8Array(randomBytes(length)) },
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
}

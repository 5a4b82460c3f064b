import { randomBytes } from 'node:crypto'
import type { Clock, Envelope, Ledger, NewMessage, Pool, PoolConsumer, StoreContext } from '@reachkit/core/spec'
import type { BookSubject, HistorySubject, PoolSubject } from '@reachkit/testing'
import type { Database, OpenDatabase } from '../src/database/dialect.js'
import { entryTarget, entryValues } from '../src/ledger/entries.js'
import { insertRows } from '../src/ledger/bulk.js'
import { createLedgerParts } from '../src/ledger-parts.js'
import type { LedgerParts, PartsOptions } from '../src/ledger-parts.js'
import type { MovedPair } from './moved-database.js'
import { SqlState } from '../src/state/state.js'

const ignore = (): void => {}

export const context: StoreContext = {
  clock: realClock(),
  random: { next: () => Math.random(), bytes: (length) => randomBytes(length) },
  logger: { debug: ignore, info: ignore, warn: (...all) => console.warn(...all), error: ignore },
}

function realClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimer(delayMs, callback) {
      const timer = setTimeout(callback, delayMs)
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}

const timing = {
  shortMs: 1_000,
  dedupeMs: 10_000,
  retentionMs: 20_000,
  pushAgainMs: 2_000,
  poolLeaseMs: 30_000,
  noticeMs: 800,
}

const { dedupeMs, retentionMs, pushAgainMs, poolLeaseMs } = timing
const options: PartsOptions = { dedupeMs, retentionMs, pushAgainMs, poolLeaseMs }

/** Opens a database that is empty, and another connection to it. */
export type OpenPair = () => Promise<{
  readonly database: OpenDatabase
  readonly peer: OpenDatabase
  /** The same two on time that the test moves. */
  readonly moved: MovedPair
  readonly close: () => Promise<void>
}>

export function ledgerSubject(open: OpenPair, more: PartsOptions = {}): () => Promise<BookSubject & HistorySubject> {
  return async () => {
    const { moved, close } = await open()
    const { clock, now, advance } = await moved.start()
    const timed = { ...context, clock }
    const state = await SqlState.open(moved.database, timed)
    const own = createLedgerParts(moved.database, timed, { ...options, ...more })
    const other = createLedgerParts(moved.peer, timed, { ...options, ...more })
    return {
      ledger: own.ledger,
      history: own.history,
      book: own.book,
      state,
      peer: other,
      timing,
      now,
      advance,
      async close() {
        state.close()
        await Promise.all([own.close(), other.close()])
        await close()
      },
    }
  }
}

/**
 * The pool's rows are the ledger's entries, so the suite's pushes are written as such, and what is handed out is claimed
 * as a worker does at once: who comes second with the same one has nothing.
 */
export function poolSubject(open: OpenPair): () => Promise<PoolSubject> {
  return async () => {
    const { moved, close } = await open()
    const { clock, now, advance } = await moved.start()
    const timed = { ...context, clock }
    const [own, other] = [poolOf(moved.database, timed), poolOf(moved.peer, timed)]
    // The message that every envelope of the suite carries.
    await own.parts.ledger.accept([{ id: 'parcel', tenant: 'acme', messages: [message], entries: [] }])
    return {
      pool: own.pool,
      peer: { pool: other.pool },
      timing,
      now,
      advance,
      async close() {
        await Promise.all([own.parts.close(), other.parts.close()])
        await close()
      },
    }
  }
}

function poolOf(database: Database, timed: StoreContext): { pool: Pool; parts: LedgerParts } {
  const parts = createLedgerParts(database, timed, options)
  const { ledger, pool } = parts
  if (pool === undefined) throw new Error('the store has a pool')
  const tokens = new Map<string, string>()
  return {
    parts,
    pool: {
      specVersion: 1,
      async push(envelopes) {
        const rows = new Map(envelopes.map((envelope) => [envelope.id, { ...envelope, cargo: envelope.cargo }]))
        const sorted = [...rows.values()].toSorted((one, two) => (one.id < two.id ? -1 : 1))
        const target = passing
        const values = sorted.map((entry) => withDue(entryValues(entry, 0), entry.due))
        await insertRows(database.db, database.dialect, target, values)
        await pool.push([...rows.values()])
      },
      consume: (lane) => claiming(pool.consume(lane), ledger, pool, tokens),
      async ack(envelopes) {
        await ledger.settle(
          envelopes.map(({ id }) => ({
            entry: id,
            token: tokens.get(id) ?? 'none',
            parcel: '',
            results: [],
            entries: [],
            finish: true,
          })),
        )
        await pool.ack(envelopes)
      },
      async renew(envelopes) {
        const leases = envelopes.map(({ id }) => ({ entry: id, token: tokens.get(id) ?? 'none' }))
        await ledger.renew(leases, timing.poolLeaseMs)
        await pool.renew(envelopes)
      },
      depth: () => pool.depth(),
      close: () => pool.close(),
    },
  }
}

const message: NewMessage = {
  type: 'otp',
  version: 1,
  recipient: 'ann',
  inline: undefined,
  data: '{}',
  lane: 'P2',
  labels: {},
  sandbox: false,
  expires: undefined,
  digest: undefined,
}

const passing = { ...entryTarget, onKnown: 'pass' } as const

function withDue(values: readonly unknown[], due: number): readonly unknown[] {
  return values.map((value, index) => (entryTarget.columns[index] === 'due' ? due : value))
}

function claiming(consumer: PoolConsumer, ledger: Ledger, pool: Pool, tokens: Map<string, string>): PoolConsumer {
  return {
    async next(max, signal) {
      for (;;) {
        const envelopes = await consumer.next(max, signal)
        if (envelopes.length === 0) return []
        const claims = await ledger.claim({ envelopes, owner: 'worker', leaseMs: timing.poolLeaseMs })
        const mine: Envelope[] = []
        for (const [index, envelope] of envelopes.entries()) {
          const claim = claims[index]
          if (claim?.status !== 'claimed') {
            await pool.ack([envelope])
            continue
          }
          tokens.set(envelope.id, claim.token)
          mine.push(envelope)
        }
        if (mine.length > 0) return mine
      }
    },
  }
}

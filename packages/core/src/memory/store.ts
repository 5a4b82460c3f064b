import type { Duration } from '../duration/index.js'
import { OptionReader } from '../options/index.js'
import type { Store } from '../spec/index.js'
import { MemoryBook } from './book.js'
import { MemoryHistory } from './history.js'
import { MemoryLedger } from './ledger.js'
import { MemoryPool } from './pool.js'
import { MemoryState } from './state.js'
import { Tables } from './tables.js'
import type { MemoryLimits } from './tables.js'

export interface MemoryOptions {
  /** How long a message that is done can still be fetched. Default `1h`. */
  readonly retention?: Duration
  /** Messages that are done and kept, at most, beside those of runs that are not; the oldest go first. Default 10,000. */
  readonly keepDone?: number
  /** Messages that are not done, at most; `notify` then throws REACH_STORE_FULL. Default 1,000,000. */
  readonly maxOpen?: number
  /** How long a dedupe key is known, at least. Default `24h`. */
  readonly dedupeFor?: Duration
  /** Dedupe keys, at most; the oldest go first, with a warning. Default 1,000,000. */
  readonly maxDigests?: number
  /** After how long an entry that nobody claimed is pushed again. Default `2s`; it doubles each time. */
  readonly pushAgain?: Duration
  /** How long the pool waits for an ack. Default `30s`. */
  readonly poolLease?: Duration
  /** How long the book keeps what recipients did, at least. Default `90d`. */
  readonly eventsFor?: Duration
}

/**
 * Everything in this process' memory: the default, for development, tests and what may be lost with the process.
 * It keeps every promise of the contracts but durability, and its size is bounded by the options; the book of recipients is
 * as large as what is put into it.
 */
export function memoryStore(options: MemoryOptions = {}): Store {
  const reader = new OptionReader('REACH_OPTION_INVALID', 'memoryStore', options, optionNames)
  const limits = resolveLimits(reader)
  const poolLeaseMs = reader.durationMs('poolLease', 1) ?? 30_000
  const eventsForMs = reader.durationMs('eventsFor') ?? 90 * 86_400_000
  return {
    specVersion: 1,
    name: 'memory',
    open({ clock, random, logger }) {
      const tables = new Tables(clock, random, logger, limits)
      const pool = new MemoryPool(clock, poolLeaseMs)
      const history = new MemoryHistory(tables)
      return {
        ledger: new MemoryLedger(tables),
        state: new MemoryState(clock),
        history,
        book: new MemoryBook(clock, history, eventsForMs),
        pool,
        close: () => pool.close(),
      }
    },
  }
}

const optionNames = [
  'retention',
  'keepDone',
  'maxOpen',
  'dedupeFor',
  'maxDigests',
  'pushAgain',
  'poolLease',
  'eventsFor',
] as const

function resolveLimits(reader: OptionReader): MemoryLimits {
  return {
    retentionMs: reader.durationMs('retention') ?? 3_600_000,
    keepDone: reader.whole('keepDone', 0) ?? 10_000,
    maxOpen: reader.whole('maxOpen', 1) ?? 1_000_000,
    dedupeMs: reader.durationMs('dedupeFor') ?? 86_400_000,
    maxDigests: reader.whole('maxDigests', 1) ?? 1_000_000,
    pushAgainMs: reader.durationMs('pushAgain', 1) ?? 2_000,
  }
}

import type { StoreContext } from '@reachkit/core/spec'
import type { OpenDatabase } from './database/dialect.js'
import { storeError } from './database/failures.js'
import { OutboxRelay } from './outbox/outbox.js'
import { createLedgerParts, type PartsOptions } from './ledger-parts.js'
import { SqlState } from './state/state.js'
import { type HostedParts, type PartName, verbs } from './worker/protocol.js'

export interface OpenedParts extends HostedParts {
  /** Ends what the parts do by themselves. Leaves the database open. */
  close(): Promise<void>
}

/** All parts on a database that is open and migrated. Every error that they reject with is a coded one. */
export async function openParts(
  database: OpenDatabase,
  context: StoreContext,
  settings: PartsOptions,
): Promise<OpenedParts> {
  const state = await SqlState.open(database, context)
  const parts = createLedgerParts(database, context, settings)
  const { ledger, history, book, pool } = parts
  return {
    ledger: guarded(ledger, 'ledger'),
    history: guarded(history, 'history'),
    book: guarded(book, 'book'),
    state: guarded(state, 'state'),
    outbox: guarded(new OutboxRelay(database), 'outbox'),
    pool: pool && guarded(pool, 'pool'),
    async close() {
      state.close()
      await parts.close()
    },
  }
}

/** The same part, whose verbs reject with what `storeError` makes of an error of the database. */
function guarded<Part extends object>(part: Part, name: PartName): Part {
  const known: ReadonlySet<PropertyKey> = new Set(verbs[name])
  const calls = new Map<PropertyKey, unknown>()
  return new Proxy(part, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      if (!calls.has(property)) {
        const bound = value.bind(target) as (...args: unknown[]) => unknown
        calls.set(property, known.has(property) ? coded(bound as (...args: unknown[]) => Promise<unknown>) : bound)
      }
      return calls.get(property)
    },
  })
}

function coded(verb: (...args: unknown[]) => Promise<unknown>): (...args: unknown[]) => Promise<unknown> {
  return async (...args) => {
    try {
      return await verb(...args)
    } catch (error) {
      throw storeError(error)
    }
  }
}

import type { Ledger, Pool, Store, StoreParts } from '@reachkit/core'
import { withPoolOfRun } from './test-store.js'

/**
 * A store that several engines open and none of them closes, as processes share a server: the parts live on when one
 * engine stops. Each engine reaches the pool through `pool`, else as this run of the suite has it.
 */
export function sharedStore(parts: StoreParts, pool?: (pool: Pool) => Pool): Store {
  return {
    specVersion: 1,
    name: 'shared',
    open({ clock }) {
      const own = pool === undefined ? withPoolOfRun(parts, clock).pool : parts.pool && pool(parts.pool)
      const ledger = shared(parts.ledger)
      return { ...parts, ledger, ...(own !== undefined && { pool: keepOpen(own) }), close: async () => {} }
    },
  }
}

/** Others settle messages too, which is what a durable ledger tells an engine. */
function shared(ledger: Ledger): Ledger {
  return keepOpen(ledger, { capabilities: { ...ledger.capabilities, durable: true } })
}

/** The same object, but for its `close` and what is put in the place of its fields. */
function keepOpen<T extends { close(): Promise<void> }>(part: T, fields: Partial<T> = {}): T {
  const own: Partial<T> = { ...fields, close: async () => {} }
  return new Proxy(part, {
    get(target, name) {
      if (name in own) return own[name as keyof T]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

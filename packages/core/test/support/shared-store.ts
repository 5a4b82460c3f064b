import type { Ledger, Pool, Store, StoreParts } from '@reachkit/core'

/**
 * A store that several engines open and none of them closes, as processes share a server: the parts live on when one
 * engine stops. With `pool`, each engine reaches it through that.
 */
export function sharedStore(parts: StoreParts, pool: (pool: Pool) => Pool = (same) => same): Store {
  return {
    specVersion: 1,
    name: 'shared',
    open: () => ({
      ...parts,
      ledger: shared(parts.ledger),
      ...(parts.pool !== undefined && { pool: keepOpen(pool(parts.pool)) }),
      close: async () => {},
    }),
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

import type { Pool, Store, StoreParts } from '@reachkit/core'

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
      ledger: keepOpen(parts.ledger),
      ...(parts.pool !== undefined && { pool: keepOpen(pool(parts.pool)) }),
      close: async () => {},
    }),
  }
}

/** The same object, but for its `close`. */
function keepOpen<T extends { close(): Promise<void> }>(part: T): T {
  return new Proxy(part, {
    get(target, name) {
      if (name === 'close') return async () => {}
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

import type { Pool, StoreParts } from '@reachkit/core'
import { sharedStore } from './shared-store.js'

/** An engine that can be cut off: nothing that it does reaches the store any more, as if its process were gone. */
export function mortal(
  parts: StoreParts,
  poolOf?: (pool: Pool) => Pool,
): { store: ReturnType<typeof sharedStore>; die: () => void } {
  let dead = false
  const gone = async (): Promise<never> => new Promise(() => {})
  const dying = <T extends object>(part: T): T =>
    new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => (dead ? gone() : Reflect.apply(value, target, given))
      },
    })
  const death = new AbortController()
  const pool = parts.pool === undefined ? {} : { pool: dying(untilDeath(parts.pool, death.signal)) }
  const die = (): void => {
    dead = true
    death.abort()
  }
  return { store: sharedStore({ ...parts, ledger: dying(parts.ledger), ...pool }, poolOf), die }
}

/** A dead process no longer waits at the pool. */
function untilDeath(pool: Pool, death: AbortSignal): Pool {
  const consume: Pool['consume'] = (lane) => {
    const consumer = pool.consume(lane)
    return { next: (max, stopping) => consumer.next(max, AbortSignal.any([stopping, death])) }
  }
  return {
    specVersion: 1,
    consume,
    push: async (envelopes) => pool.push(envelopes),
    ack: async (envelopes) => pool.ack(envelopes),
    renew: async (envelopes) => pool.renew(envelopes),
    depth: async () => pool.depth(),
    close: async () => pool.close(),
  }
}

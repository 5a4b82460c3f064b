import type { Envelope, Pool, PoolConsumer, Random } from '@reachkit/core/spec'

export interface LossyOptions {
  readonly random: Random
  /** The part of all pushed envelopes that is lost. Default 0.1. */
  readonly lose?: number
  /** The part that is handed out a second time, though it may be acked by then. Default 0.1. */
  readonly double?: number
  /** Told of what is lost. */
  readonly onLost?: (envelopes: readonly Envelope[]) => void
}

/**
 * A pool at its worst: it loses some of what is pushed and hands out some of it twice, which a pool may. All else is
 * done by `pool`, which it closes when it is closed.
 */
export function lossyPool(pool: Pool, options: LossyOptions): Pool {
  const { random, lose = 0.1, double = 0.1, onLost } = options
  const doubled = new Set<string>()

  function arrives({ id }: Envelope): boolean {
    const drawn = random.next()
    if (drawn >= lose && drawn < lose + double) doubled.add(id)
    return drawn >= lose
  }
  function consume(lane: Envelope['lane']): PoolConsumer {
    const consumer = pool.consume(lane)
    return {
      async next(max, signal) {
        const envelopes = await consumer.next(max, signal)
        // Pushed again once they are handed out: while they wait, a pool would take them for one.
        await pool.push(envelopes.filter(({ id }) => doubled.delete(id)))
        return envelopes
      },
    }
  }
  async function push(envelopes: readonly Envelope[]): Promise<void> {
    const kept = envelopes.filter(arrives)
    if (kept.length < envelopes.length) onLost?.(envelopes.filter((envelope) => !kept.includes(envelope)))
    await pool.push(kept)
  }
  return {
    specVersion: 1,
    push,
    consume,
    ack: async (envelopes) => pool.ack(envelopes),
    renew: async (envelopes) => pool.renew(envelopes),
    depth: async () => pool.depth(),
    close: async () => pool.close(),
  }
}

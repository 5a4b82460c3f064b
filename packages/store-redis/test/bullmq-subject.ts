import type { Envelope, Ledger, PendingEntry, Pool, PoolContext } from '@reachkit/core/spec'
import { waitingAdvance } from '@reachkit/testing'
import type { PoolSubject } from '@reachkit/testing'
import { redisUrl } from '../../../test/support/servers/index.js'
import { bullmq } from '../src/bullmq/index.js'
import type { BullmqOptions } from '../src/bullmq/index.js'

const lockMs = 2_500

const ignore = (): void => {}

/** What a ledger knows of what is pending: all that was pushed and not acked. */
export class PendingBook {
  readonly entries = new Map<string, Envelope>()
  /** How often it was read. */
  reads = 0

  /** `aheadMs`: of the store's clock, before this machine's. */
  constructor(readonly aheadMs: number = 0) {}

  readonly ledger: Pick<Ledger, 'pending' | 'now'> = {
    now: async () => Date.now() + this.aheadMs,
    pending: async ({ lane, tenant, dueBefore }, limit) => {
      this.reads += 1
      const found: PendingEntry[] = []
      for (const envelope of this.entries.values()) {
        if (lane !== undefined && envelope.lane !== lane) continue
        if (tenant !== undefined && envelope.tenant !== tenant) continue
        if (dueBefore !== undefined && envelope.due >= dueBefore) continue
        found.push({ ...envelope, leased: false, takeovers: 0 })
      }
      return found.toSorted((one, other) => one.due - other.due).slice(0, limit)
    },
  }

  /** A pool whose pushes and acks are written down first, as a ledger's are. */
  keeping(pool: Pool): Pool {
    return {
      specVersion: 1,
      push: async (envelopes) => {
        for (const envelope of envelopes) this.entries.set(envelope.id, envelope)
        await pool.push(envelopes)
      },
      ack: async (envelopes) => {
        for (const { id } of envelopes) this.entries.delete(id)
        await pool.ack(envelopes)
      },
      consume: (lane) => pool.consume(lane),
      renew: (envelopes) => pool.renew(envelopes),
      depth: () => pool.depth(),
      close: () => pool.close(),
    }
  }
}

/** The context of a pool in real time. What it warns of is kept. */
export function poolContext(book: PendingBook): PoolContext & { readonly warned: unknown[] } {
  const warned: unknown[] = []
  const note = (...told: readonly unknown[]): void => void warned.push(told)
  return {
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      setTimer(delayMs, callback) {
        const timer = setTimeout(callback, delayMs)
        return () => clearTimeout(timer)
      },
    },
    random: { next: () => Math.random(), bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    logger: { debug: ignore, info: ignore, warn: note, error: note },
    ledger: book.ledger,
    warned,
  }
}

export interface BullmqSubject extends PoolSubject {
  readonly book: PendingBook
  readonly url: string
  readonly prefix: string
  readonly warned: unknown[]
}

/** Two pools on one Redis, as two processes have them. */
export async function bullmqSubject(options: BullmqOptions = {}, aheadMs = 0): Promise<BullmqSubject> {
  const space = await redisUrl()
  const { url, prefix } = space
  const book = new PendingBook(aheadMs)
  const context = poolContext(book)
  const connection = options.client === undefined ? { url } : {}
  const open = async (): Promise<Pool> => bullmq({ ...connection, prefix, lockMs, ...options }).open(context)
  const pools = await Promise.all([open(), open()])
  const [pool, peer] = pools
  if (pool === undefined || peer === undefined) throw new Error('two pools were opened')
  return {
    pool: book.keeping(pool),
    peer: { pool: book.keeping(peer) },
    timing: { shortMs: 400, poolLeaseMs: lockMs, noticeMs: 400 },
    now: book.ledger.now,
    advance: waitingAdvance(book.ledger.now),
    book,
    url,
    prefix,
    warned: context.warned,
    async close() {
      await Promise.all(pools.map((one) => one.close()))
      await space.drop()
    },
  }
}

import type { Envelope, Lane, Ledger, PendingEntry } from '@reachkit/core/spec'
import type { Redis } from 'ioredis'
import type { LaneBackend } from './lane-backend.js'
import type { LaneCalls } from './lane-calls.js'
import type { StoreTime } from './store-time.js'

/** Entries of the ledger that one reading of a share asks for, beyond those that are known to be worked on. */
const pageSize = 128
const largestPage = 16_384
/** Envelopes in one script call. */
const batch = 500

export interface SharesOptions {
  readonly lane: Lane
  readonly client: Redis
  readonly on: LaneBackend
  readonly calls: LaneCalls
  readonly ledger: Pick<Ledger, 'pending'>
  readonly time: StoreTime
  readonly base: string
}

/**
 * What of each share waits in BullMQ, which serves first in, first out: each share has as many places as its weight
 * asks for, and each claim is followed by the next one of the same share, so that places go round at the same pace.
 */
export class Shares {
  readonly #options: SharesOptions

  constructor(options: SharesOptions) {
    this.#options = options
  }

  /** Gives BullMQ what there are places for. Answers those that are due later and found none. */
  async push(envelopes: readonly Envelope[]): Promise<readonly Envelope[]> {
    const refused: Envelope[] = []
    for (let at = 0; at < envelopes.length; at += batch) {
      const shares = byTenant(envelopes.slice(at, at + batch))
      const answers = await this.#options.calls.push(shares)
      refused.push(...shares.flat().filter((_, index) => answers[index] === '3'))
    }
    return refused
  }

  /** Reads what is due of one share from the ledger, and gives BullMQ what there are places for. */
  async refill(share: { readonly tenant: string; readonly weight: number }, seen: string): Promise<void> {
    const { calls } = this.#options
    let read: Awaited<ReturnType<Shares['read']>> = { fresh: [], complete: false }
    try {
      read = await this.read(share.tenant, 1)
    } finally {
      // Also where the ledger is away: somebody else may try.
      await calls.refill(share.tenant, seen, read.complete && read.fresh.length === 0, read.fresh)
    }
    await calls.turn({ acks: [], max: 0, shares: [share] })
  }

  /** Ids that are worked on. */
  async leasedIds(): Promise<ReadonlySet<string>> {
    return new Set(await this.#options.client.lrange(this.#options.on.backend.toKey('active'), 0, -1))
  }

  /** What of a share is due before so many milliseconds have passed, without what is worked on or waits in BullMQ. */
  async read(
    tenant: string,
    withinMs: number,
  ): Promise<{ readonly fresh: readonly Envelope[]; readonly complete: boolean }> {
    const { lane, ledger, time } = this.#options
    // Read before the ledger is: what is done in between is missing there, not here.
    const known = await this.#knownIds(tenant)
    for (let limit = pageSize + known.size; ; limit *= 4) {
      const entries = await ledger.pending({ lane, tenant, dueBefore: time.now() + withinMs }, limit)
      const complete = entries.length < limit
      const fresh = entries.filter(({ id, leased }) => !leased && !known.has(id)).slice(0, pageSize)
      if (fresh.length > 0 || complete || limit >= largestPage)
        return { fresh: fresh.map(envelopeOf), complete: complete && fresh.length < pageSize }
    }
  }

  /** What is worked on, waits in BullMQ, or was drawn and is about to. */
  async #knownIds(tenant: string): Promise<Set<string>> {
    const { client, on, base } = this.#options
    const lists = await Promise.all([
      client.zrange(`${base}:share:${tenant}`, '0', '-1'),
      client.lrange(on.backend.toKey('wait'), 0, -1),
      client.lrange(on.backend.toKey('active'), 0, -1),
    ])
    return new Set(lists.flat())
  }
}

function byTenant(envelopes: readonly Envelope[]): readonly (readonly Envelope[])[] {
  const shares = new Map<string, Envelope[]>()
  for (const envelope of envelopes) {
    const share = shares.get(envelope.tenant)
    if (share === undefined) shares.set(envelope.tenant, [envelope])
    else share.push(envelope)
  }
  return [...shares.values()]
}

function envelopeOf({ id, tenant, lane, due, weight, cargo }: PendingEntry): Envelope {
  return { id, schema: 1, tenant, lane, due, weight, cargo }
}

import type { Envelope, Lane, Ledger, PendingEntry } from '@reachkit/core/spec'
import type { Redis } from 'ioredis'
import type { LaneBackend } from './lane-backend.js'
import { newJob } from './lane-backend.js'
import { admitScript, drawScript, refillScript, run } from './scripts.js'
import type { StoreTime } from './store-time.js'

/** Envelopes of a share that are kept in Redis to come next; all that is beyond them is read from the ledger. */
const keptNext = 64
/** Entries of the ledger that one reading of a share asks for, beyond those that are known to be worked on. */
const pageSize = 128
const largestPage = 16_384
/** Envelopes in one script call. */
const batch = 500

export interface SharesOptions {
  readonly lane: Lane
  readonly client: Redis
  readonly on: LaneBackend
  readonly ledger: Pick<Ledger, 'pending'>
  readonly time: StoreTime
  readonly prefix: string
  readonly perShare: number
}

/** What was claimed of one share. */
export interface ClaimedShare {
  readonly weight: number
  readonly ids: string[]
}

interface Drawn {
  readonly tenant: string
  /** Names what was left to the ledger, where it is to be read; empty where not. */
  readonly refill: string
  readonly jobs: readonly string[]
}

/**
 * What of each share waits in BullMQ, which serves first in, first out: each share has as many places as its weight
 * asks for, and each claim is followed by the next one of the same share, so that places go round at the same pace.
 */
export class Shares {
  readonly #options: SharesOptions
  readonly #base: string

  constructor(options: SharesOptions) {
    this.#options = options
    this.#base = `{${options.prefix}}:pool:${options.lane}`
  }

  /** Gives BullMQ what there are places for. Answers those that are due later and found none. */
  async push(envelopes: readonly Envelope[]): Promise<readonly Envelope[]> {
    const refused: Envelope[] = []
    for (let at = 0; at < envelopes.length; at += batch) {
      refused.push(...(await this.#pushSome(envelopes.slice(at, at + batch))))
    }
    return refused
  }

  /** After a claim: the next of the same shares take the places. Tells once they are on the way to BullMQ. */
  async topUp(claimed: ReadonlyMap<string, ClaimedShare>, adding: () => void): Promise<void> {
    const drawn = await this.#draw(claimed)
    await this.#addDrawn(drawn, adding)
    for (const { tenant, refill } of drawn) {
      if (refill === '') continue
      await this.#refill(tenant, refill)
      const weight = claimed.get(tenant)?.weight ?? 1
      await this.#addDrawn(await this.#draw(new Map([[tenant, { weight, ids: [] }]])), adding)
    }
  }

  /** Ids that are worked on. */
  async leasedIds(): Promise<ReadonlySet<string>> {
    return new Set(await this.#options.client.lrange(this.#options.on.backend.toKey('active'), 0, -1))
  }

  async #pushSome(envelopes: readonly Envelope[]): Promise<readonly Envelope[]> {
    const now = this.#options.time.now()
    const ordered = [...byTenant(envelopes).values()]
    const args = ordered.flatMap((share) => this.#shareArguments(share))
    const answers = (await this.#run(admitScript, [now, this.#options.on.jobPrefix, keptNext, ...args])) as number[]
    const all = ordered.flat()
    await this.#add(
      all.filter((_, index) => answers[index] === 1).map((one) => ({ ...one, data: JSON.stringify(one) })),
      now,
    )
    return all.filter((_, index) => answers[index] === 3)
  }

  #shareArguments(share: readonly Envelope[]): (string | number)[] {
    const [first] = share
    if (first === undefined) return []
    const each = share.flatMap((one) => [one.id, one.due, JSON.stringify(one)])
    return [first.tenant, this.#places(first.weight), share.length, ...each]
  }

  #places(weight: number): number {
    const { perShare } = this.#options
    return Math.min(perShare * 16, Math.max(1, Math.ceil(perShare * weight)))
  }

  async #draw(claimed: ReadonlyMap<string, ClaimedShare>): Promise<readonly Drawn[]> {
    const { time, on } = this.#options
    const shares = [...claimed].flatMap(([tenant, { weight, ids }]) => [
      tenant,
      this.#places(weight),
      ids.length,
      ...ids,
    ])
    const answers = (await this.#run(drawScript, [time.now(), on.jobPrefix, ...shares])) as [string, string, string[]][]
    return answers.map(([tenant, refill, jobs]) => ({ tenant, refill, jobs }))
  }

  async #addDrawn(drawn: readonly Drawn[], adding: () => void): Promise<void> {
    const found: { id: string; data: string; due: number }[] = []
    for (const { jobs } of drawn) {
      for (let at = 0; at + 1 < jobs.length; at += 2)
        found.push({ id: jobs[at] ?? '', data: jobs[at + 1] ?? '', due: 0 })
    }
    const added = this.#add(found, this.#options.time.now())
    // A claim that is sent behind them finds them, and saves the round trips of their answer and of the wake-up.
    if (found.length > 0) setImmediate(adding)
    await added
  }

  /** In one pipeline. An id that BullMQ has already is passed over by it. */
  async #add(found: readonly { id: string; data: string; due: number }[], now: number): Promise<void> {
    if (found.length === 0) return
    const { backend } = this.#options.on
    const entries = found.map(({ id, data, due }) => ({
      job: newJob(id, data, now, Math.max(0, due - now)),
      jobId: id,
    }))
    await backend.addJobs(entries)
  }

  /** Reads what is due of one share from the ledger. */
  async #refill(tenant: string, seen: string): Promise<void> {
    const { on } = this.#options
    let read: Awaited<ReturnType<Shares['read']>> = { fresh: [], complete: false }
    try {
      read = await this.read(tenant, 1)
    } finally {
      // Also where the ledger is away: somebody else may try.
      const nothing = read.complete && read.fresh.length === 0 ? 1 : 0
      const found = read.fresh.flatMap((one) => [one.id, JSON.stringify(one)])
      await this.#run(refillScript, [this.#options.time.now(), on.jobPrefix, tenant, seen, nothing, ...found])
    }
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
    const { client, on } = this.#options
    const lists = await Promise.all([
      client.zrange(`${this.#base}:share:${tenant}`, '0', '-1'),
      client.lrange(on.backend.toKey('wait'), 0, -1),
      client.lrange(on.backend.toKey('active'), 0, -1),
    ])
    return new Set(lists.flat())
  }

  async #run(script: Parameters<typeof run>[1], args: (string | number)[]): Promise<unknown> {
    return run(this.#options.client, script, this.#base, args)
  }
}

function byTenant(envelopes: readonly Envelope[]): Map<string, Envelope[]> {
  const shares = new Map<string, Envelope[]>()
  for (const envelope of envelopes) {
    const share = shares.get(envelope.tenant)
    if (share === undefined) shares.set(envelope.tenant, [envelope])
    else share.push(envelope)
  }
  return shares
}

function envelopeOf({ id, tenant, lane, due, weight, cargo }: PendingEntry): Envelope {
  return { id, schema: 1, tenant, lane, due, weight, cargo }
}

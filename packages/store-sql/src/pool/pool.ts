import { lanes } from '@reachkit/core/spec'
import type { Clock, Envelope, Lane, Logger, Pool, PoolConsumer, PoolDepth } from '@reachkit/core/spec'
import type { Database } from '../database/dialect.js'
import { codeOf } from '../database/retry.js'
import { readCandidates, readDepth, readPairs } from './candidates.js'
import type { Pair } from './candidates.js'
import { HandedOut } from './handed-out.js'
import { Shares } from './shares.js'
import type { Share } from './shares.js'
import type { ChangeWatch } from './watch.js'

/** Lengths of time, in milliseconds. */
export interface PoolTiming {
  /** How long an envelope that was handed out is not handed out again, where it is not acked. */
  readonly leaseMs: number
  /** The shortest and the longest time between two looks at the table while somebody waits. */
  readonly quickMs: number
  readonly slowMs: number
  /** After how long it is looked at even where nobody seems to have written: leases run out by themselves. */
  readonly fullMs: number
}

interface Waiter {
  readonly max: number
  readonly signal: AbortSignal
  readonly resolve: (envelopes: readonly Envelope[]) => void
}

interface LaneQueue {
  readonly lane: Lane
  readonly shares: Shares
  waiters: Waiter[]
}

/** Envelopes of one tenant that are read at once, and tenants. */
const mostRead = 64
const mostTenants = 16
/** Kept in memory of what this process accepted; the table has the rest. */
const mostKept = 1_000
/** How long what was read is believed: others take from the same end. */
const believedMs = 250
const believedAmongMany = 20
/** For how long after a collision each process begins at a place of its own. */
const apartMs = 1_000
const afterFailureMs = 1_000

/**
 * The pool whose rows are the ledger's pending entries: nothing is pushed. What this process accepts is handed out at once;
 * what others accept, and what becomes due or loses its lease, is looked for while somebody waits.
 */
export class SqlPool implements Pool {
  readonly specVersion = 1
  readonly #database: Database
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #random: () => number
  readonly #timing: PoolTiming
  readonly #watch: ChangeWatch
  readonly #handedOut: HandedOut
  readonly #lanes: ReadonlyMap<Lane, LaneQueue>
  /** Entries that cannot be read and were told of. */
  readonly #told = new Set<string>()
  #apartUntil = 0
  #pauseMs: number
  /** When the table is looked at again, whatever the watch says, and when something is due next. Monotonic time. */
  #fullAt = 0
  #dueAt = Number.POSITIVE_INFINITY
  #timer: (() => void) | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #looking: Promise<void> | undefined
  #lookAgain = false
  #closed = false

  constructor(
    database: Database,
    watch: ChangeWatch,
    timing: PoolTiming,
    { clock, logger, random }: { clock: Clock; logger: Logger; random: () => number },
  ) {
    this.#database = database
    this.#watch = watch
    this.#clock = clock
    this.#logger = logger
    this.#random = random
    this.#timing = timing
    this.#pauseMs = timing.quickMs
    this.#handedOut = new HandedOut(timing.leaseMs)
    this.#lanes = new Map(lanes.map((lane) => [lane, { lane, shares: new Shares(), waiters: [] }]))
  }

  /** Only a wake-up: what is not in the table is not handed out. One that is pushed is not in anybody's hands any more. */
  async push(envelopes: readonly Envelope[]): Promise<void> {
    for (const { id } of envelopes) this.#handedOut.delete(id)
    this.arrived(envelopes)
  }

  /** This process wrote these entries, and they are committed. */
  arrived(envelopes: readonly Envelope[]): void {
    if (this.#closed || envelopes.length === 0) return
    const now = this.#clock.now()
    const woken = new Set<LaneQueue>()
    for (const envelope of envelopes) {
      const queue = this.#lane(envelope.lane)
      // The clock of this process may be behind the store's: then the table is looked at, which knows.
      if (envelope.due > now) {
        this.#dueAt = Math.min(this.#dueAt, this.#clock.monotonic() + envelope.due - now)
        continue
      }
      const share = queue.shares.active(envelope.tenant)
      if (share.mayHaveMore || share.waiting.length >= mostKept) share.mayHaveMore = true
      else {
        if (share.waiting.length === 0) share.until = this.#clock.monotonic() + this.#believedMs
        share.waiting.push(envelope)
      }
      woken.add(queue)
    }
    if (this.#isAwaited) this.#lookIn(Math.max(0, this.#dueAt - this.#clock.monotonic()))
    for (const queue of woken) if (this.#serve(queue)) this.#lookIn(0)
  }

  /** Somebody else had what was handed out: for a while, processes begin at different places. */
  collided(): void {
    this.#apartUntil = this.#clock.monotonic() + apartMs
  }

  consume(lane: Lane): PoolConsumer {
    const queue = this.#lane(lane)
    const watched = new WeakSet<AbortSignal>()
    return {
      next: (max, signal) => {
        if (signal.aborted || this.#closed) return Promise.resolve([])
        const ready = queue.waiters.length === 0 ? this.#take(queue, max).taken : []
        if (ready.length > 0) return Promise.resolve(ready)
        if (!watched.has(signal)) {
          watched.add(signal)
          signal.addEventListener('abort', () => dismiss(queue, signal), { once: true })
        }
        return new Promise((resolve) => {
          queue.waiters.push({ max, signal, resolve })
          this.#lookIn(0)
        })
      },
    }
  }

  async ack(envelopes: readonly Envelope[]): Promise<void> {
    for (const { id } of envelopes) this.#handedOut.delete(id)
  }

  async renew(envelopes: readonly Envelope[]): Promise<void> {
    const now = this.#clock.monotonic()
    for (const { id } of envelopes) this.#handedOut.renew(id, now)
  }

  async depth(): Promise<readonly PoolDepth[]> {
    return readDepth(this.#database)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#timer?.()
    for (const queue of this.#lanes.values()) dismiss(queue)
    await this.#looking
  }

  #lane(lane: Lane): LaneQueue {
    const queue = this.#lanes.get(lane)
    if (queue === undefined) throw new TypeError(`no such lane: ${lane}`)
    return queue
  }

  #take(queue: LaneQueue, max: number): ReturnType<Shares['take']> {
    const now = this.#clock.monotonic()
    this.#handedOut.expire(now)
    for (const share of queue.shares.inTurn()) {
      if (share.waiting.length === 0 || share.until > now) continue
      // Too old to be believed: most of it may be taken.
      share.waiting = []
      share.mayHaveMore = true
    }
    const served = queue.shares.take(max, ({ id }) => !this.#handedOut.has(id, now))
    for (const { id } of served.taken) this.#handedOut.add(id, now)
    return served
  }

  /** Answers whether somebody waits for what only the table can tell. */
  #serve(queue: LaneQueue): boolean {
    for (let waiter = queue.waiters[0]; waiter !== undefined; waiter = queue.waiters[0]) {
      const { taken, starved } = this.#take(queue, waiter.max)
      if (taken.length === 0) return starved
      queue.waiters.shift()
      waiter.resolve(taken)
    }
    return false
  }

  get #isAwaited(): boolean {
    for (const { waiters } of this.#lanes.values()) if (waiters.length > 0) return true
    return false
  }

  /** Keeps one timer: the earliest that was asked for. */
  #lookIn(delayMs: number): void {
    if (this.#closed) return
    if (this.#looking !== undefined && delayMs === 0) {
      this.#lookAgain = true
      return
    }
    const at = this.#clock.monotonic() + delayMs
    if (at >= this.#timerAt) return
    this.#timer?.()
    this.#timerAt = at
    this.#timer = this.#clock.setTimer(delayMs, () => {
      this.#timer = undefined
      this.#timerAt = Number.POSITIVE_INFINITY
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined
        this.#goOn()
      })
    })
  }

  #goOn(): void {
    if (!this.#isAwaited) return
    const again = this.#lookAgain
    this.#lookAgain = false
    const untilDue = Math.max(0, this.#dueAt - this.#clock.monotonic())
    this.#lookIn(again ? 0 : Math.min(this.#pauseMs, untilDue))
  }

  async #look(): Promise<void> {
    try {
      if (this.#closed || !this.#isAwaited) return
      const isDue = this.#clock.monotonic() >= Math.min(this.#fullAt, this.#dueAt)
      if ((await this.#watch.changed()) || isDue) await this.#readPairs()
      let found = 0
      for (const queue of this.#lanes.values()) found += await this.#fill(queue)
      this.#pauseMs = found > 0 ? this.#timing.quickMs : Math.min(this.#timing.slowMs, this.#pauseMs * 2)
    } catch (error) {
      this.#pauseMs = afterFailureMs
      this.#logger.warn({ error: codeOf(error) ?? 'unknown' }, 'the pool could not look for work')
    }
  }

  /** Who has entries, and when the next is due. */
  async #readPairs(): Promise<void> {
    const { pairs, now } = await readPairs(this.#database)
    const elapsed = this.#clock.monotonic()
    this.#fullAt = elapsed + this.#timing.fullMs
    this.#dueAt = Number.POSITIVE_INFINITY
    for (const { lane, tenant, nextDue } of pairs) {
      this.#lane(lane).shares.active(tenant).mayHaveMore = true
      if (nextDue !== undefined) this.#dueAt = Math.min(this.#dueAt, elapsed + nextDue - now)
    }
    for (const { lane, shares } of this.#lanes.values())
      shares.keepOnly(new Set(pairs.flatMap((pair: Pair) => (pair.lane === lane ? pair.tenant : []))))
  }

  /** Reads for those whose turn is next, as long as somebody waits and something is found. */
  async #fill(queue: LaneQueue): Promise<number> {
    let found = 0
    while (queue.waiters.length > 0 && !this.#closed) {
      this.#serve(queue)
      const hungry = queue.shares
        .inTurn()
        .slice(0, mostTenants)
        .filter(({ waiting }) => waiting.length === 0)
      if (hungry.length === 0 || queue.waiters.length === 0) return found
      const most = Math.max(mostTenants, Math.ceil((2 * mostRead) / hungry.length))
      const tenants = hungry.map(({ tenant }) => tenant)
      const rows = await readCandidates(this.#database, queue.lane, tenants, most, this.#unreadable)
      let fresh = 0
      for (const share of hungry) fresh += this.#keep(share, rows.get(share.tenant) ?? [], most)
      found += fresh
      this.#serve(queue)
      if (fresh === 0) return found
    }
    return found
  }

  /** Told once: it stays where it is, and is seen there again and again. */
  readonly #unreadable = (entry: string): void => {
    if (this.#told.has(entry)) return
    if (this.#told.size >= mostKept) this.#told.clear()
    this.#told.add(entry)
    this.#logger.error({ entry }, 'an entry of the store cannot be read; it is left there')
  }

  /** Answers how many of them can be handed out. */
  #keep(share: Share, read: readonly Envelope[], most: number): number {
    const now = this.#clock.monotonic()
    const free = read.filter(({ id }) => !this.#handedOut.has(id, now))
    const room = now < this.#apartUntil ? Math.max(0, free.length - mostTenants) : 0
    const offset = Math.floor(this.#random() * room)
    const known = new Set(share.waiting.map(({ id }) => id))
    for (const envelope of free.slice(offset)) if (!known.has(envelope.id)) share.waiting.push(envelope)
    share.mayHaveMore = read.length === most || offset > 0
    share.until = now + this.#believedMs
    return free.length
  }

  get #believedMs(): number {
    return this.#clock.monotonic() < this.#apartUntil ? believedAmongMany : believedMs
  }
}

function dismiss(queue: LaneQueue, signal?: AbortSignal): void {
  const gone = queue.waiters.filter((waiter) => signal === undefined || waiter.signal === signal)
  queue.waiters = queue.waiters.filter((waiter) => !gone.includes(waiter))
  for (const waiter of gone) waiter.resolve([])
}

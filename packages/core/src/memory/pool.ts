import { lanes } from '../spec/index.js'
import type { Clock, Envelope, Lane, Pool, PoolConsumer, PoolDepth } from '../spec/index.js'
import { LinkedSet } from '../linked-set/index.js'
import type { Linked } from '../linked-set/index.js'
import { TimerHeap } from '../timer-heap/index.js'
import { ShareQueue } from './share-queue.js'

/** What a timer can be set to; what is due later is looked at again then. */
const longestDelayMs = 2 ** 31 - 1

interface Waiter {
  readonly max: number
  readonly signal: AbortSignal
  readonly resolve: (envelopes: readonly Envelope[]) => void
}

interface LaneQueue {
  readonly due: ShareQueue
  waiters: Waiter[]
}

/** An envelope that this pool has: it waits, or is leased, and then in the list of those. */
class Held implements Linked {
  before: Linked | undefined = undefined
  after: Linked | undefined = undefined
  waits = true
  /** When its lease runs out, in monotonic time. */
  until = 0

  constructor(public envelope: Envelope) {}
}

/** The pool in this process' memory: due times on a heap, lanes apart, shares in turn, leases that run out. */
export class MemoryPool implements Pool {
  readonly specVersion = 1
  readonly #clock: Clock
  readonly #leaseMs: number
  readonly #lanes: ReadonlyMap<Lane, LaneQueue>
  readonly #later = new TimerHeap<Envelope>()
  readonly #held = new Map<string, Held>()
  /** In the order in which leases run out, since all are of the same length. */
  readonly #leased = new LinkedSet<Held>()
  #dueTimer: (() => void) | undefined
  #dueAt = Number.POSITIVE_INFINITY
  #leaseTimer: (() => void) | undefined
  #closed = false

  constructor(clock: Clock, leaseMs: number) {
    this.#clock = clock
    this.#leaseMs = leaseMs
    this.#lanes = new Map(lanes.map((lane) => [lane, { due: new ShareQueue(), waiters: [] }]))
  }

  async push(envelopes: readonly Envelope[]): Promise<void> {
    const now = this.#clock.now()
    for (const envelope of envelopes) this.#add(envelope, now)
    // The clock may have been set on, which the timer of what is due later has not noticed.
    if ((this.#later.peek()?.due ?? now + 1) <= now) return this.#becomeDue()
    this.#wake()
    this.#watchDue()
  }

  /** One that is leased waits anew, beside whoever works on it: the ledger passes over what is doubled. */
  #add(envelope: Envelope, now: number): void {
    const known = this.#held.get(envelope.id)
    if (this.#closed || known?.waits === true) return
    if (known === undefined) this.#held.set(envelope.id, new Held(envelope))
    else this.#unlease(known, envelope)
    if (envelope.due > now) this.#later.push(envelope.due, envelope)
    else this.#lane(envelope.lane).due.push(envelope)
  }

  consume(lane: Lane): PoolConsumer {
    const queue = this.#lane(lane)
    const watched = new WeakSet<AbortSignal>()
    return {
      next: (max, signal) => {
        if (signal.aborted || this.#closed) return Promise.resolve([])
        if (queue.due.size > 0) return Promise.resolve(this.#take(queue, max))
        if (!watched.has(signal)) {
          watched.add(signal)
          signal.addEventListener('abort', () => dismiss(queue, signal), { once: true })
        }
        return new Promise((resolve) => queue.waiters.push({ max, signal, resolve }))
      },
    }
  }

  async ack(envelopes: readonly Envelope[]): Promise<void> {
    for (const { id } of envelopes) {
      const held = this.#held.get(id)
      if (held === undefined || held.waits) continue
      this.#held.delete(id)
      this.#leased.delete(held)
    }
  }

  async renew(envelopes: readonly Envelope[]): Promise<void> {
    for (const { id } of envelopes) {
      const held = this.#held.get(id)
      if (held === undefined || held.waits) continue
      this.#leased.delete(held)
      this.#lease(held)
    }
  }

  async depth(): Promise<readonly PoolDepth[]> {
    const depths = new Map<string, PoolDepth>()
    for (const { envelope, waits } of this.#held.values()) count(depths, envelope, waits ? 'waiting' : 'leased')
    return [...depths.values()]
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#dueTimer?.()
    this.#leaseTimer?.()
    for (const queue of this.#lanes.values()) dismiss(queue)
  }

  #lane(lane: Lane): LaneQueue {
    const queue = this.#lanes.get(lane)
    if (queue === undefined) throw new TypeError(`no such lane: ${lane}`)
    return queue
  }

  #take(queue: LaneQueue, max: number): readonly Envelope[] {
    const taken: Envelope[] = []
    while (taken.length < max) {
      const envelope = queue.due.shift()
      if (envelope === undefined) break
      const held = this.#held.get(envelope.id)
      if (held !== undefined) this.#lease(held)
      taken.push(envelope)
    }
    return taken
  }

  #lease(held: Held): void {
    held.waits = false
    held.until = this.#clock.monotonic() + this.#leaseMs
    this.#leased.add(held)
    this.#leaseTimer ??= this.#clock.setTimer(this.#leaseMs, () => this.#expireLeases())
  }

  #unlease(held: Held, envelope: Envelope): void {
    this.#leased.delete(held)
    held.waits = true
    held.envelope = envelope
  }

  #expireLeases(): void {
    this.#leaseTimer = undefined
    const elapsed = this.#clock.monotonic()
    const now = this.#clock.now()
    for (const { envelope, until } of this.#leased) {
      if (until > elapsed) {
        this.#leaseTimer = this.#clock.setTimer(until - elapsed, () => this.#expireLeases())
        break
      }
      this.#add(envelope, now)
    }
    this.#wake()
    this.#watchDue()
  }

  #wake(): void {
    for (const queue of this.#lanes.values()) {
      while (queue.due.size > 0) {
        const waiter = queue.waiters.shift()
        if (waiter === undefined) break
        waiter.resolve(this.#take(queue, waiter.max))
      }
    }
  }

  /** Keeps one timer, for the earliest due time. */
  #watchDue(): void {
    const earliest = this.#later.peek()?.due ?? Number.POSITIVE_INFINITY
    if (earliest >= this.#dueAt || this.#closed) return
    this.#dueTimer?.()
    this.#dueAt = earliest
    const delayMs = Math.min(earliest - this.#clock.now(), longestDelayMs)
    this.#dueTimer = this.#clock.setTimer(delayMs, () => this.#becomeDue())
  }

  #becomeDue(): void {
    this.#dueTimer?.()
    this.#dueAt = Number.POSITIVE_INFINITY
    const now = this.#clock.now()
    for (const envelope of this.#later.popDue(now, 1_000)) this.#lane(envelope.lane).due.push(envelope)
    this.#wake()
    this.#watchDue()
  }
}

function dismiss(queue: LaneQueue, signal?: AbortSignal): void {
  const gone = queue.waiters.filter((waiter) => signal === undefined || waiter.signal === signal)
  queue.waiters = queue.waiters.filter((waiter) => !gone.includes(waiter))
  for (const waiter of gone) waiter.resolve([])
}

function count(depths: Map<string, PoolDepth>, { lane, tenant, due }: Envelope, field: 'waiting' | 'leased'): void {
  const key = `${lane} ${tenant}`
  const depth = depths.get(key) ?? { lane, tenant, waiting: 0, leased: 0, oldestDue: undefined }
  const oldestDue = field === 'leased' ? depth.oldestDue : Math.min(depth.oldestDue ?? due, due)
  depths.set(key, { ...depth, [field]: depth[field] + 1, oldestDue })
}

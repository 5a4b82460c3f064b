import PQueue from 'p-queue'
import type { Clock, DriverCapabilities, Lane } from '../spec/index.js'
import { Places } from './places.js'

const priorities: Readonly<Record<Lane, number>> = { P0: 3, P1: 2, P2: 1, P3: 0 }

/** How a driver's messages in flight are shared out: places for P0 alone, and the largest slice of each kind. */
export interface SlicePlan {
  readonly reserved: number
  readonly urgentSize: number
  readonly size: number
}

const usualSlice = 50
/** Of a driver that takes many at once. Each slice is a commit of the store, and what one crash may hold. */
const largestSlice = 200

/**
 * A fifth of the concurrency is for P0 alone. The rest is shared by two full slices or more, so that one can be settled
 * while another is in the air; a slice holds at least one vendor batch.
 */
export function planSlices({ concurrency, batch, rate }: DriverCapabilities): SlicePlan {
  const reserved = concurrency < 2 ? 0 : Math.max(1, Math.floor(concurrency / 5))
  const half = Math.ceil((concurrency - reserved) / 2)
  const most = Math.max(usualSlice, Math.min(largestSlice, Math.floor(half / 2)))
  const size = Math.max(batch, Math.min(most, half, rate?.count ?? Infinity))
  return { reserved, urgentSize: Math.max(1, Math.min(reserved, rate?.count ?? Infinity)), size }
}

/**
 * Bounds what one driver has in flight in this process and how often it starts, in messages. Slices take turns by lane
 * through a p-queue, one for P0 and one for the others; messages wait in the pool, not here.
 */
export class DriverQueue {
  readonly plan: SlicePlan
  readonly #places: Places
  readonly #urgent = new PQueue({ concurrency: 1 })
  readonly #common = new PQueue({ concurrency: 1 })
  readonly #heard = new WeakSet<AbortSignal>()

  constructor(capabilities: DriverCapabilities, clock: Clock) {
    const { concurrency, rate } = capabilities
    this.plan = planSlices(capabilities)
    const share = rate === undefined || rate.count < 2 ? 0 : Math.max(1, Math.floor(rate.count / 5))
    this.#places = new Places({
      clock,
      most: concurrency,
      reserved: this.plan.reserved,
      rate: rate && { count: rate.count, reserved: share, perMs: rate.perMs },
    })
  }

  sizeFor(lane: Lane): number {
    return lane === 'P0' ? this.plan.urgentSize : this.plan.size
  }

  /** True where a slice of this many messages would start at once. */
  hasRoom(lane: Lane, count: number): boolean {
    const queue = this.#queueFor(lane)
    return queue.size === 0 && queue.pending === 0 && this.#places.fits(count, lane === 'P0')
  }

  /**
   * Takes places for one slice: true at once where there is room, else a promise of them. That is false where the
   * signal is aborted before.
   */
  take(lane: Lane, count: number, signal: AbortSignal): true | Promise<boolean> {
    this.#hear(signal)
    return this.hasRoom(lane, count) ? this.#places.takeNow(count) : this.#wait(lane, count, signal)
  }

  /** Gives back what `take` took. */
  give(count: number): void {
    this.#places.give(count)
  }

  /** Lets go of what waits. */
  close(): void {
    this.#places.close()
  }

  #wait(lane: Lane, count: number, signal: AbortSignal): Promise<boolean> {
    const turn = (): Promise<boolean> =>
      signal.aborted ? Promise.resolve(false) : this.#places.take(count, lane === 'P0')
    return this.#queueFor(lane).add(turn, { priority: priorities[lane] })
  }

  #hear(signal: AbortSignal): void {
    if (this.#heard.has(signal)) return
    this.#heard.add(signal)
    signal.addEventListener('abort', () => this.close(), { once: true })
  }

  #queueFor(lane: Lane): PQueue {
    return lane === 'P0' ? this.#urgent : this.#common
  }
}

/**
 * Takes places for a slice at each queue: true at once where all have room, else a promise of them, which is false where
 * the signal is aborted before; then none is held. Queues are taken in one order everywhere, so nobody waits in a ring.
 */
export function takePlaces(
  queues: readonly DriverQueue[],
  lane: Lane,
  count: number,
  signal: AbortSignal,
): true | Promise<boolean> {
  for (const [index, queue] of queues.entries()) {
    const taken = queue.take(lane, count, signal)
    if (taken !== true) return takeOthers(taken, queues, index, lane, count, signal)
  }
  return true
}

async function takeOthers(
  taken: Promise<boolean>,
  queues: readonly DriverQueue[],
  from: number,
  lane: Lane,
  count: number,
  signal: AbortSignal,
): Promise<boolean> {
  let has: boolean = await taken
  let held = from
  while (has) {
    held += 1
    const queue = queues[held]
    if (queue === undefined) return true
    has = await queue.take(lane, count, signal)
  }
  givePlaces(queues.slice(0, held), count)
  return false
}

/** Gives back what `takePlaces` took. */
export function givePlaces(queues: readonly DriverQueue[], count: number): void {
  for (const queue of queues) queue.give(count)
}

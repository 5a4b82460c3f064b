import type { DriverCapabilities, Lane } from '../spec/index.js'
import { SliceQueue } from './slice-queue.js'

const priorities: Readonly<Record<Lane, number>> = { P0: 3, P1: 2, P2: 1, P3: 0 }

/** How a driver's messages in flight are shared out: slices at once and their size, for P0 alone and for all. */
export interface SlicePlan {
  readonly urgentSlices: number
  readonly urgentSize: number
  readonly slices: number
  readonly size: number
}

const largestSlice = 50

/**
 * A fifth of the concurrency is for P0 alone. The rest is shared by two slices or more, so that one can be settled
 * while another is in the air; a slice holds at least one vendor batch.
 */
export function planSlices({ concurrency, batch, rate }: DriverCapabilities): SlicePlan {
  const reserved = concurrency < 2 ? 0 : Math.max(1, Math.floor(concurrency / 5))
  const shared = concurrency - reserved
  const size = rate === undefined ? Math.max(batch, Math.min(largestSlice, Math.ceil(shared / 2))) : batch
  const urgentSize = Math.max(1, Math.ceil(reserved / 5))
  return {
    urgentSize,
    urgentSlices: Math.floor(reserved / urgentSize),
    size,
    slices: Math.max(1, Math.floor(shared / size)),
  }
}

/**
 * Bounds what one driver has in flight in this process, and how often it is called. It schedules slices; messages wait
 * in the pool, not here.
 */
export class DriverQueue {
  readonly plan: SlicePlan
  readonly #shared: SliceQueue
  readonly #urgent: SliceQueue | undefined

  constructor(capabilities: DriverCapabilities) {
    this.plan = planSlices(capabilities)
    const { rate } = capabilities
    const share = rate === undefined ? 0 : Math.max(1, Math.floor(rate.count / 5))
    this.#shared = new SliceQueue(
      this.plan.slices,
      rate && { count: Math.max(1, rate.count - share), perMs: rate.perMs },
    )
    const reserves = this.plan.urgentSlices > 0 && rate?.count !== 1
    this.#urgent = reserves
      ? new SliceQueue(this.plan.urgentSlices, rate && { count: share, perMs: rate.perMs })
      : undefined
  }

  sizeFor(lane: Lane): number {
    return lane === 'P0' && this.#urgent !== undefined ? this.plan.urgentSize : this.plan.size
  }

  /** True where a slice of this lane would start at once. */
  hasRoom(lane: Lane): boolean {
    return this.#queueFor(lane).hasRoom
  }

  /**
   * Runs one slice when it is its turn: P0 on its own share, or before all others on the common one. Answers false
   * where the signal was aborted before that.
   */
  run(lane: Lane, slice: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
    return this.#queueFor(lane).run(slice, priorities[lane], signal)
  }

  /** Forgets what waits. */
  close(): void {
    this.#shared.close()
    this.#urgent?.close()
  }

  #queueFor(lane: Lane): SliceQueue {
    if (lane !== 'P0' || this.#urgent === undefined) return this.#shared
    return !this.#urgent.hasRoom && this.#shared.hasRoom ? this.#shared : this.#urgent
  }
}

/**
 * Runs `work` while holding a place at each queue, or answers false where the signal was aborted before it had them.
 * Places are taken in one order everywhere, so nobody waits in a ring.
 */
export function withPlaces(
  queues: readonly DriverQueue[],
  lane: Lane,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<boolean> {
  const [first, ...rest] = queues
  if (first === undefined) return work().then(() => true)
  return first.run(lane, () => withPlaces(rest, lane, signal, work), signal)
}

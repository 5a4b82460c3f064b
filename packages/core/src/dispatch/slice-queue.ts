import PQueue from 'p-queue'
import { abortable } from '../io/abortable.js'

/** Slices that may run at once. A p-queue orders those that wait; one that finds room and no rate limit does not enter it. */
export class SliceQueue {
  readonly #queue: PQueue
  readonly #most: number
  readonly #limited: boolean
  #direct = 0

  constructor(most: number, rate: { readonly count: number; readonly perMs: number } | undefined) {
    this.#most = most
    this.#limited = rate !== undefined
    const limit = rate === undefined ? {} : { interval: rate.perMs, intervalCap: rate.count }
    this.#queue = new PQueue({ concurrency: most, ...limit })
  }

  get hasRoom(): boolean {
    return this.#queue.size === 0 && this.#queue.pending + this.#direct < this.#most
  }

  /** Runs the slice when it is its turn. Answers false, and never runs it, where the signal is aborted before. */
  run(slice: () => Promise<boolean>, priority: number, signal: AbortSignal): Promise<boolean> {
    if (this.#limited || !this.hasRoom) return this.#wait(slice, priority, signal)
    this.#occupy(1)
    return slice().finally(() => this.#occupy(-1))
  }

  async #wait(slice: () => Promise<boolean>, priority: number, signal: AbortSignal): Promise<boolean> {
    const place = new Promise<() => void>((resolve) => {
      void this.#queue.add(() => new Promise<void>((free) => resolve(free)), { priority })
    })
    const free = await abortable(place, signal).catch(() => undefined)
    return free === undefined ? false : slice().finally(free)
  }

  /** Forgets what waits: nobody comes for it any more. */
  close(): void {
    this.#queue.clear()
  }

  /** What runs directly takes its place from the queue's own concurrency. */
  #occupy(change: 1 | -1): void {
    this.#direct += change
    const left = this.#most - this.#direct
    if (left === 0) this.#queue.pause()
    else this.#queue.concurrency = left
    if (left > 0 && this.#queue.isPaused) this.#queue.start()
  }
}

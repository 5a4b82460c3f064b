import PQueue from 'p-queue'

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

  run<T>(slice: () => Promise<T>, priority: number): Promise<T> {
    if (this.#limited || !this.hasRoom) return this.#queue.add(slice, { priority })
    this.#occupy(1)
    return slice().finally(() => this.#occupy(-1))
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

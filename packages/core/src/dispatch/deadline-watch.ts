import type { Clock } from '../spec/index.js'

/** Something that must have ended by `at`, in monotonic time. */
export interface Watched {
  readonly at: number
  expire(): void
}

/**
 * One timer for the deadlines of everything in flight. A deadline that is met costs an entry in a set; the timer is
 * only moved for one that is sooner than all before it.
 */
export class DeadlineWatch {
  readonly #clock: Clock
  readonly #watched = new Set<Watched>()
  #rings = Number.POSITIVE_INFINITY
  #cancel: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(watched: Watched): void {
    this.#watched.add(watched)
    if (watched.at < this.#rings) this.#arm(watched.at)
  }

  delete(watched: Watched): void {
    this.#watched.delete(watched)
  }

  /** Ends everything now. */
  expireAll(): void {
    for (const watched of this.#watched) {
      this.#watched.delete(watched)
      watched.expire()
    }
  }

  close(): void {
    this.#cancel?.()
    this.#watched.clear()
  }

  #arm(at: number): void {
    this.#cancel?.()
    this.#rings = at
    this.#cancel = this.#clock.setTimer(Math.max(0, at - this.#clock.monotonic()), () => this.#ring())
  }

  #ring(): void {
    const now = this.#clock.monotonic()
    this.#rings = Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (const watched of this.#watched) {
      if (watched.at > now) {
        next = Math.min(next, watched.at)
        continue
      }
      this.#watched.delete(watched)
      watched.expire()
    }
    if (next < this.#rings) this.#arm(next)
  }
}

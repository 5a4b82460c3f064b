import { LinkedSet } from '../linked-set/index.js'
import type { Linked } from '../linked-set/index.js'
import type { Clock } from '../spec/index.js'

/** Something that must have ended by `at`, in monotonic time. */
export interface Watched extends Linked {
  readonly at: number
  expire(): void
}

/**
 * One timer for the deadlines of everything in flight. A deadline that is met costs a place in a list; the timer is
 * only moved for one that is sooner than all before it.
 */
export class DeadlineWatch {
  readonly #clock: Clock
  readonly #watched = new LinkedSet<Watched>()
  #rings = Number.POSITIVE_INFINITY
  #cancel: (() => void) | undefined
  #over = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(watched: Watched): void {
    if (this.#over) return watched.expire()
    this.#watched.add(watched)
    if (watched.at < this.#rings) this.#arm(watched.at)
  }

  delete(watched: Watched): void {
    this.#watched.delete(watched)
  }

  /**
   * The work's own answer, or a rejection once `ms` have passed or everything has to end, whatever becomes of the work:
   * what an app hands in may hang.
   */
  within<T>(ms: number, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const expire = (): void => reject(new DOMException('there was no answer in time', 'TimeoutError'))
      const watched = { at: this.#clock.monotonic() + ms, expire, before: undefined, after: undefined }
      this.add(watched)
      const end = (answer: T | Promise<T>): void => {
        this.delete(watched)
        resolve(answer)
      }
      work.then(end, () => end(work))
    })
  }

  /** Ends everything now, and what is added later at once. */
  expireAll(): void {
    this.#over = true
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

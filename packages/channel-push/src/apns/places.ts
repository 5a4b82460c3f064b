import { NotSentError } from '@reachkit/core/spec'

/** So many at a time; whoever comes later waits, in order. */
export class Places {
  readonly #waiting = new Set<() => void>()
  #most: number
  #taken = 0

  constructor(most: number) {
    this.#most = most
  }

  /** More or fewer from now on. */
  set most(most: number) {
    this.#most = most
    this.#wake()
  }

  get taken(): number {
    return this.#taken
  }

  /** Waits for a place; throws NotSentError once the signal is aborted. */
  async take(signal: AbortSignal): Promise<void> {
    while (this.#taken >= this.#most) await this.#turn(signal)
    this.#taken += 1
  }

  give(): void {
    this.#taken -= 1
    this.#wake()
  }

  /** Whoever waits looks again: there is nothing to wait for any more. */
  open(): void {
    this.most = Number.POSITIVE_INFINITY
  }

  #wake(): void {
    let free = this.#most - this.#taken
    for (const go of this.#waiting) {
      if (free <= 0) return
      free -= 1
      this.#waiting.delete(go)
      go()
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(go)
        reject(new NotSentError('aborted'))
      }
      const go = (): void => {
        signal.removeEventListener('abort', abort)
        resolve()
      }
      if (signal.aborted) return reject(new NotSentError('aborted'))
      signal.addEventListener('abort', abort, { once: true })
      this.#waiting.add(go)
    })
  }
}

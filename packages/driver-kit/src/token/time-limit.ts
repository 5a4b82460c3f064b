import type { Clock } from '@reachkit/core/spec'

/** A signal that is aborted after a time that can be set anew. */
export class TimeLimit {
  readonly #clock: Clock
  readonly #controller = new AbortController()
  #cancel: (() => void) | undefined

  constructor(clock: Clock, ms: number) {
    this.#clock = clock
    this.set(ms)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** So long from now. */
  set(ms: number): void {
    this.end()
    this.#cancel = this.#clock.setTimer(ms, () => this.#controller.abort())
  }

  end(): void {
    this.#cancel?.()
  }
}

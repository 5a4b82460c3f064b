import type { Clock } from '@reachkit/core/spec'

interface Ack {
  readonly ids: readonly string[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Acks on their way to Redis, all in one call. */
export interface AckBatch {
  readonly ids: readonly string[]
  sent(): void
  failed(error: unknown): void
}

export interface AcksOptions {
  readonly clock: Clock
  /** How long they may wait for a claim that takes them along, in milliseconds; 0 for one turn of the event loop. */
  readonly waitMs: () => number
  /** Called where none did. */
  readonly send: () => void
}

/** Gathers acks until the next call to Redis takes them along. */
export class Acks {
  readonly #options: AcksOptions
  #waiting: Ack[] = []

  constructor(options: AcksOptions) {
    this.#options = options
  }

  get none(): boolean {
    return this.#waiting.length === 0
  }

  add(ids: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ids, resolve, reject })
      if (this.#waiting.length === 1) this.#schedule()
    })
  }

  take(): AckBatch {
    const acks = this.#waiting
    this.#waiting = []
    return {
      ids: acks.flatMap(({ ids }) => ids),
      sent: () => {
        for (const { resolve } of acks) resolve()
      },
      failed: (error) => {
        for (const { reject } of acks) reject(error)
      },
    }
  }

  #schedule(): void {
    const { clock, waitMs, send } = this.#options
    const due = (): void => {
      if (!this.none) send()
    }
    const ms = waitMs()
    if (ms > 0) clock.setTimer(ms, due)
    else setImmediate(due)
  }
}

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

/** Gathers acks until the next call to Redis takes them along: the next claim, or one of their own a turn later. */
export class Acks {
  readonly #send: () => void
  #waiting: Ack[] = []

  /** `send` is called where nobody has taken them for a turn of the event loop. */
  constructor(send: () => void) {
    this.#send = send
  }

  add(ids: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ids, resolve, reject })
      if (this.#waiting.length === 1) setImmediate(() => this.#waiting.length > 0 && this.#send())
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
}

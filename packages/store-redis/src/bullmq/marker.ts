import type { Clock } from '@reachkit/core/spec'
import type { Redis } from 'ioredis'

/** How long one blocking call waits, in seconds. */
const blockSeconds = 5
/** It may take that much longer, in milliseconds, before its connection counts as lost. */
const patienceMs = 5_000
const afterFailureMs = 500

export interface MarkerOptions {
  readonly clock: Clock
  /** BullMQ's marker: `0` for a job that waits, `1` for the next that is delayed, with its due time. */
  readonly key: string
  readonly open: () => Redis
  readonly client: Redis
}

/**
 * Waits for BullMQ's marker as its Worker does, on a connection of its own. A call that nobody waits for any more runs
 * on and is used by whoever waits next; what it takes then is put back, for it wakes only one of all processes.
 */
export class Marker {
  readonly #options: MarkerOptions
  #connection: Redis | undefined
  #blocking = false
  #closed = false
  #wake: (() => void) | undefined
  /** By when the next delayed one is due, as the last marker or claim told. */
  #due = Number.POSITIVE_INFINITY

  constructor(options: MarkerOptions) {
    this.#options = options
  }

  /** What a claim that found nothing told. */
  expect(due: number): void {
    this.#due = Math.min(this.#due, due)
  }

  /** Resolves when there may be something, at the latest after a few seconds. */
  async wait(now: () => number): Promise<void> {
    if (this.#closed) return
    const delayMs = Math.min(Math.max(1, this.#due - now()), blockSeconds * 1_000)
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.setTimer(delayMs, () => this.wake())
      this.#wake = () => {
        cancel()
        this.#wake = undefined
        resolve()
      }
      if (!this.#blocking) void this.#block()
    })
    if (this.#due <= now()) this.#due = Number.POSITIVE_INFINITY
  }

  /** Whoever waits looks again. */
  wake(): void {
    this.#wake?.()
  }

  /** Nobody here waits any more: what is delayed is left to other processes. */
  async handOn(): Promise<void> {
    if (this.#due === Number.POSITIVE_INFINITY || this.#closed) return
    const due = this.#due
    this.#due = Number.POSITIVE_INFINITY
    await this.#options.client.zadd(this.#options.key, due, '1')
  }

  close(): void {
    this.#closed = true
    this.wake()
    this.#connection?.disconnect()
  }

  async #block(): Promise<void> {
    const { clock, key, open } = this.#options
    this.#blocking = true
    const connection = (this.#connection ??= open())
    const late = clock.setTimer(blockSeconds * 1_000 + patienceMs, () => connection.disconnect(true))
    try {
      const popped = await connection.bzpopmin(key, blockSeconds)
      this.#blocking = false
      if (popped !== null) await this.#popped(popped[1], Number(popped[2]))
    } catch {
      // Closed, or the server is away: whoever waits tries by itself after a while, and fails with the reason.
      if (!this.#closed) await new Promise<void>((resolve) => clock.setTimer(afterFailureMs, resolve))
      this.#blocking = false
    } finally {
      late()
    }
    if (this.#wake !== undefined && !this.#blocking && !this.#closed) void this.#block()
  }

  async #popped(member: string, score: number): Promise<void> {
    if (member === '1') this.expect(score)
    if (this.#wake !== undefined) return this.wake()
    if (this.#closed) return
    if (member === '1') await this.handOn()
    else await this.#options.client.zadd(this.#options.key, 0, member)
  }
}

import type { Clock, Envelope } from '../spec/index.js'

/** What is due later than this does not keep a process alive: a script must not wait for tomorrow's reminder. */
const soonMs = 60_000
const slackMs = 50

/**
 * Keeps the process alive while there is work: something in flight, somebody who waits, or, where the store is lost
 * with the process, a message that is due within a minute. A script that has none of it exits by itself.
 */
export class KeepAlive {
  readonly #clock: Clock
  #holders = 0
  #closed = false
  #handle: NodeJS.Timeout | undefined
  #until = 0
  #timed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  hold(): void {
    if (this.#closed) return
    this.#holders += 1
    if (this.#holders > 1) return
    if (this.#handle === undefined) this.#handle = setInterval(() => {}, 2 ** 31 - 1)
    else this.#handle.ref()
  }

  release(): void {
    if (this.#closed) return
    this.#holders -= 1
    if (this.#holders === 0) this.#handle?.unref()
  }

  /** Holds until the last of these is due, as far as that is soon. */
  untilDue(envelopes: readonly Envelope[]): void {
    const now = this.#clock.now()
    for (const { due } of envelopes) {
      if (due > now && due - now <= soonMs) this.#until = Math.max(this.#until, due + slackMs)
    }
    if (this.#timed || this.#until <= now) return
    this.#timed = true
    this.hold()
    this.#wait()
  }

  /** Holds no more, whatever is asked. */
  close(): void {
    this.#closed = true
    clearInterval(this.#handle)
    this.#handle = undefined
    this.#holders = 0
  }

  #wait(): void {
    this.#clock.setTimer(this.#until - this.#clock.now(), () => {
      if (this.#until > this.#clock.now()) return this.#wait()
      this.#timed = false
      this.release()
    })
  }
}

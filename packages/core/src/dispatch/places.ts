import type { Clock } from '../spec/index.js'

export interface PlacesOptions {
  readonly clock: Clock
  /** Messages in flight at once. */
  readonly most: number
  /** Of them, those that only urgent messages take. */
  readonly reserved: number
  /** Messages that may start in any stretch of `perMs`, of which `reserved` are kept for urgent ones. */
  readonly rate: { readonly count: number; readonly reserved: number; readonly perMs: number } | undefined
}

interface Waiter {
  readonly count: number
  readonly urgent: boolean
  readonly answer: (taken: boolean) => void
}

/**
 * What one driver has room for, in messages: places in flight, and starts within a sliding stretch of time. More than
 * there are in all is let in when there is nothing else.
 */
export class Places {
  readonly #options: PlacesOptions
  readonly #starts: { readonly at: number; readonly count: number }[] = []
  #taken = 0
  #started = 0
  #waiters: Waiter[] = []
  #closed = false
  #timer: (() => void) | undefined

  constructor(options: PlacesOptions) {
    this.#options = options
  }

  fits(count: number, urgent: boolean): boolean {
    const { most, reserved, rate } = this.#options
    const limit = urgent ? most : most - reserved
    if (this.#taken > 0 && this.#taken + count > limit) return false
    if (rate === undefined) return true
    this.#forgetStarts(rate.perMs)
    return this.#started === 0 || this.#started + count <= rate.count - (urgent ? 0 : rate.reserved)
  }

  /** Takes places, as soon as there are enough; answers false where it is closed before. */
  take(count: number, urgent: boolean): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false)
    if (this.fits(count, urgent)) return Promise.resolve(this.takeNow(count))
    return new Promise((answer) => {
      this.#waiters.push({ count, urgent, answer })
      this.#watchRate()
    })
  }

  /** Takes places that fit. */
  takeNow(count: number): true {
    this.#taken += count
    if (this.#options.rate !== undefined) {
      this.#starts.push({ at: this.#options.clock.monotonic(), count })
      this.#started += count
    }
    return true
  }

  give(count: number): void {
    this.#taken -= count
    this.#wake()
  }

  close(): void {
    this.#closed = true
    this.#timer?.()
    for (const { answer } of this.#waiters.splice(0)) answer(false)
  }

  /** Urgent ones first; who does not fit keeps the others of its kind waiting. */
  #wake(): void {
    if (this.#waiters.length === 0) return
    for (const kind of [true, false]) {
      const waiter = this.#waiters.find(({ urgent }) => urgent === kind)
      if (waiter === undefined || !this.fits(waiter.count, kind)) continue
      this.#waiters = this.#waiters.filter((other) => other !== waiter)
      waiter.answer(this.takeNow(waiter.count))
    }
    this.#watchRate()
  }

  #forgetStarts(perMs: number): void {
    const since = this.#options.clock.monotonic() - perMs
    for (let oldest = this.#starts[0]; oldest !== undefined && oldest.at <= since; oldest = this.#starts[0]) {
      this.#starts.shift()
      this.#started -= oldest.count
    }
  }

  /** Wakes who waits when the oldest start has left the stretch. */
  #watchRate(): void {
    const { clock, rate } = this.#options
    const [oldest] = this.#starts
    if (rate === undefined || oldest === undefined || this.#waiters.length === 0 || this.#timer !== undefined) return
    this.#timer = clock.setTimer(Math.max(1, oldest.at + rate.perMs - clock.monotonic()), () => {
      this.#timer = undefined
      this.#wake()
      this.#watchRate()
    })
  }
}

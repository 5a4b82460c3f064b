import { lanes } from '../spec/index.js'
import type { Clock, Lane } from '../spec/index.js'

const budgetMs = 4

/**
 * The time that all envelopes of a process have together in one turn of the event loop. Each alone would give way in
 * time; many that do so at once add up, and with drivers that answer at once nothing else would run. Who has to wait
 * goes on one a turn, urgent lanes first.
 */
export class Turns {
  readonly #clock: Clock
  readonly #waiting: Readonly<Record<Lane, (() => void)[]>> = { P0: [], P1: [], P2: [], P3: [] }
  #began: number
  #scheduled = false

  constructor(clock: Clock) {
    this.#clock = clock
    this.#began = clock.monotonic()
  }

  /** True where this turn has been used up: then `await next(lane)`. Costs one look at the clock. */
  get over(): boolean {
    return this.#clock.monotonic() - this.#began >= budgetMs
  }

  /** Work begins after there was none: what passed until now was nobody's. */
  begin(): void {
    if (!this.#scheduled) this.#began = this.#clock.monotonic()
  }

  /** Lets timers, I/O and other work run. */
  next(lane: Lane): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting[lane].push(resolve)
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#turn())
  }

  #turn(): void {
    this.#scheduled = false
    this.#began = this.#clock.monotonic()
    const lane = lanes.find((each) => this.#waiting[each].length > 0)
    if (lane === undefined) return
    this.#waiting[lane].shift()?.()
    if (lanes.some((each) => this.#waiting[each].length > 0)) this.#schedule()
  }
}

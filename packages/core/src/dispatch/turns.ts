import { lanes } from '../spec/index.js'
import type { Clock, Lane } from '../spec/index.js'

const budgetMs = 4
/** The longest that work of other lanes waits for urgent work, for each of its turns. */
const patienceMs = 20

/**
 * The time that all envelopes of a process have together in one turn of the event loop. Each alone would give way in
 * time; many that do so at once add up, and with drivers that answer at once nothing else would run. Who has to wait
 * goes on one a turn, urgent lanes first. While urgent messages are on their way to the driver, the others begin nothing
 * new but once in a while: each answer that an urgent one waits for would find the event loop taken.
 */
export class Turns {
  readonly #clock: Clock
  readonly #waiting: Readonly<Record<Lane, (() => void)[]>> = { P0: [], P1: [], P2: [], P3: [] }
  #began: number
  #scheduled = false
  /** Steps of urgent messages that are under way. */
  #urgent = 0
  /** When work of another lane went on last. */
  #otherAt = Number.NEGATIVE_INFINITY
  /** A timer is set. */
  #looks = false

  constructor(clock: Clock) {
    this.#clock = clock
    this.#began = clock.monotonic()
  }

  /** True where this turn has been used up: then `await next(lane)`. Costs one look at the clock. */
  get over(): boolean {
    return this.#clock.monotonic() - this.#began >= budgetMs
  }

  /** True where this lane may begin nothing now: then `await next(lane)`. */
  mustWait(lane: Lane): boolean {
    return this.over || (lane !== 'P0' && this.#urgent > 0)
  }

  /** Work begins after there was none: what passed until now was nobody's. */
  begin(): void {
    if (!this.#scheduled) this.#began = this.#clock.monotonic()
  }

  /** An urgent message is on its way, until `calm`. */
  urge(): void {
    this.#urgent += 1
  }

  calm(): void {
    this.#urgent -= 1
    if (this.#urgent === 0) this.#schedule()
  }

  /** Lets timers, I/O and other work run. */
  next(lane: Lane): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting[lane].push(resolve)
      this.#schedule()
    })
  }

  #schedule(): void {
    const lane = this.#nextLane
    if (this.#scheduled || lane === undefined) return
    const waitMs = lane === 'P0' || this.#urgent === 0 ? 0 : this.#otherAt + patienceMs - this.#clock.monotonic()
    if (waitMs > 0) return this.#look(waitMs)
    this.#scheduled = true
    setImmediate(() => this.#turn())
  }

  /** Looks again when those that wait have waited for long enough. */
  #look(waitMs: number): void {
    if (this.#looks) return
    this.#looks = true
    this.#clock.setTimer(Math.ceil(waitMs), () => {
      this.#looks = false
      this.#schedule()
    })
  }

  #turn(): void {
    this.#scheduled = false
    const lane = this.#nextLane
    if (lane === undefined) return
    this.#began = this.#clock.monotonic()
    if (lane !== 'P0') this.#otherAt = this.#began
    this.#waiting[lane].shift()?.()
    this.#schedule()
  }

  get #nextLane(): Lane | undefined {
    return lanes.find((each) => this.#waiting[each].length > 0)
  }
}

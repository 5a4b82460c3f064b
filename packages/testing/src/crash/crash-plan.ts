import { crashPoints } from './crash-points.js'
import type { CrashPoint } from './crash-points.js'

/** Where a process ends. One such object can be given to all wrappers: each obeys the points of its own part. */
export interface CrashOptions {
  readonly at: CrashPoint
  /** Which time the point is reached in this process, by this wrapper, from 1 on. A call counts once, however much it is about. Default 1. */
  readonly nth?: number
  /**
   * Ends the process. By default a SIGKILL to itself: nothing after the point is run, flushed or closed. Where it
   * returns, the call at the point never answers.
   */
  readonly crash?: (point: CrashPoint) => void
}

/** Counts how often its point was reached, and ends the process at the right time. */
export class CrashPlan {
  readonly at: CrashPoint
  readonly #nth: number
  readonly #crash: (point: CrashPoint) => void
  #reached = 0

  constructor({ at, nth = 1, crash = killSelf }: CrashOptions) {
    if (!crashPoints.some(({ name }) => name === at)) throw new RangeError(`there is no crash point '${at}'`)
    if (!Number.isSafeInteger(nth) || nth < 1) throw new RangeError('nth must be a whole number of at least 1')
    this.at = at
    this.#nth = nth
    this.#crash = crash
  }

  /** Resolves where the process goes on. */
  async reach(point: CrashPoint): Promise<void> {
    if (this.counts(point)) await this.end()
  }

  /** True where this is the time: the caller has to call `end` at the very point. */
  counts(point: CrashPoint): boolean {
    if (point !== this.at) return false
    this.#reached += 1
    return this.#reached === this.#nth
  }

  /** Ends the process; never resolves. */
  async end(): Promise<never> {
    this.#crash(this.at)
    return new Promise<never>(() => {})
  }

  /** A call with a point on either side. */
  async around<Answer>(before: CrashPoint, after: CrashPoint, call: () => Promise<Answer> | Answer): Promise<Answer> {
    await this.reach(before)
    const answer = await call()
    await this.reach(after)
    return answer
  }
}

function killSelf(): void {
  process.kill(process.pid, 'SIGKILL')
}

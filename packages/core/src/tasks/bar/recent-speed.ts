import type { Clock } from '../../spec/index.js'
import type { TaskProgress } from '../types.js'

const windowMs = 5_000

export interface Speed {
  /** Settled in a second; undefined before the second look. */
  readonly perSecond: number | undefined
  /** How long it takes at this speed; undefined where that cannot be told. */
  readonly leftMs: number | undefined
}

/** The speed of the last seconds: that of a single look jumps by what was settled in one write. */
export class RecentSpeed {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #looks: { readonly at: number; readonly settled: number }[] = []

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  look({ settled, total }: Pick<TaskProgress, 'settled' | 'total'>): Speed {
    const at = this.#clock.monotonic()
    this.#looks.push({ at, settled })
    // One look from before the window stays, so that there is always something to compare with.
    while ((this.#looks[1]?.at ?? at) < at - windowMs) this.#looks.shift()
    const [first] = this.#looks
    if (first === undefined || first.at >= at) return { perSecond: undefined, leftMs: undefined }
    const perSecond = Math.max(0, ((settled - first.settled) * 1_000) / (at - first.at))
    const left = total === undefined ? undefined : Math.max(0, total - settled)
    return { perSecond, leftMs: left === undefined || perSecond === 0 ? undefined : (left * 1_000) / perSecond }
  }
}

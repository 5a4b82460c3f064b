import { ReachError } from '@reachkit/core/spec'
import type { Clock } from '@reachkit/core/spec'
import { settle } from './settle.js'
import { parseVirtualTime } from './virtual-time.js'
import type { VirtualTime } from './virtual-time.js'

/** A clock that stands still until it is told to move. */
export interface VirtualClock extends Clock {
  /**
   * Moves both clocks on and calls the timers that become due, in order of their due time. Before, between and after
   * them, promises and `setImmediate` turns settle. Calls that overlap run one after another.
   * Rejects with what a timer's callback throws.
   */
  advance(time: VirtualTime): Promise<void>
  /** Sets the wall clock on or back, as an operator or NTP does; elapsed time and timers do not notice. */
  skew(ms: number): void
}

interface Timer {
  readonly due: number
  readonly callback: () => void
}

/** Midnight of the first of January 2026, UTC. */
const defaultStart = Date.UTC(2026, 0, 1)

/**
 * A virtual clock that begins at `start`: a Date, an ISO text, or milliseconds since the epoch. It never sleeps.
 * @throws ReachError `REACH_OPTION_INVALID` for what is no instant.
 */
export function virtualClock(start: Date | string | number = defaultStart): VirtualClock {
  const timers = new Set<Timer>()
  let elapsed = 0
  let wall = instantOf(start)
  let last: Promise<void> = Promise.resolve()

  function moveTo(instant: number): void {
    if (instant <= elapsed) return
    wall += instant - elapsed
    elapsed = instant
  }
  async function run(until: number): Promise<void> {
    await settle()
    for (let timer = earliest(timers, until); timer !== undefined; timer = earliest(timers, until)) {
      timers.delete(timer)
      moveTo(timer.due)
      timer.callback()
      await settle()
    }
  }
  async function advanceBy(ms: number): Promise<void> {
    const until = elapsed + ms
    await run(until)
    moveTo(until)
    await run(until)
  }
  return {
    now: () => wall,
    monotonic: () => elapsed,
    setTimer(delayMs, callback) {
      const timer = { due: elapsed + Math.max(0, delayMs), callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(time) {
      const ms = parseVirtualTime(time)
      const turn = last.then(() => advanceBy(ms))
      last = turn.catch(() => {})
      return turn
    },
    skew(ms) {
      wall += ms
    },
  }
}

function instantOf(start: Date | string | number): number {
  const instant = new Date(start).getTime()
  if (Number.isFinite(instant)) return instant
  throw new ReachError('REACH_OPTION_INVALID', 'start must be a Date, an ISO text or milliseconds since the epoch')
}

/** The timer that is due first, of equal ones the one set first. */
function earliest(timers: ReadonlySet<Timer>, until: number): Timer | undefined {
  let first: Timer | undefined
  for (const timer of timers) if (timer.due <= until && (first === undefined || timer.due < first.due)) first = timer
  return first
}

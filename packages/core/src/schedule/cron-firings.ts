import type { CronReadings } from './cron-readings.js'
import type { NextFiring } from './schedule.js'
import type { WallClock } from './wall-clock.js'

const dayMs = 86_400_000

/**
 * The firings of a cron expression in a zone. Fixed times fire once a day: at the end of the gap that skips them, and
 * the first time in a fold. Several that one gap skips are one firing. Patterns of every hour fire whenever the clock
 * shows a match: not in a gap, and twice in a fold.
 */
export function openCron(readings: CronReadings, clock: WallClock): NextFiring {
  return readings.everyHour ? everyMatch(readings, clock) : fixedTimes(readings, clock)
}

function fixedTimes(readings: CronReadings, clock: WallClock): NextFiring {
  return (afterMs) => clock.firstInstantOf(readings.next(clock.highestReadingUntil(afterMs)))
}

function everyMatch(readings: CronReadings, clock: WallClock): NextFiring {
  /** The first match at `fromMs` or later, as far as the clock only goes forward from there. */
  function firstMatch(fromMs: number): number {
    const reading = readings.next(clock.readingAt(fromMs) - 1)
    const match = clock.instantsOf(reading).find((instant) => instant >= fromMs)
    return match ?? firstMatch(clock.firstInstantOf(reading))
  }

  return (afterMs) => {
    const match = firstMatch(afterMs + 1)
    const turn = clock.turnBetween(afterMs, afterMs + dayMs)
    // Put back, the clock shows again what it showed, or passed, before.
    return turn < match ? Math.min(match, firstMatch(turn)) : match
  }
}

import { countUnits, shiftReading } from './reading.js'
import type { CalendarSchedule, NextFiring, ScheduleContext } from './schedule.js'
import type { WallClock } from './wall-clock.js'

/**
 * The firings of an `every` in calendar units. Each is computed from the first reading, so that a month end that was
 * clamped once does not stay so. A reading in a gap fires at its end, one in a fold the first time.
 */
export function openCalendar(schedule: CalendarSchedule, context: ScheduleContext, clock: WallClock): NextFiring {
  const { amount, unit, fromMs } = schedule
  const anchor = clock.readingAt(fromMs ?? context.createdAt)
  const readingOf = (index: number) => shiftReading(anchor, index * amount, unit)

  return (afterMs) => {
    if (fromMs !== undefined && afterMs < fromMs) return fromMs
    const passed = clock.highestReadingUntil(Math.max(afterMs, fromMs ?? context.createdAt))
    let index = Math.max(1, Math.floor(countUnits(anchor, passed, unit) / amount))
    while (readingOf(index) <= passed) index++
    const reading = readingOf(index)
    return Number.isNaN(reading) ? undefined : clock.firstInstantOf(reading)
  }
}

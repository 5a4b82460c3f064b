import type { CalendarUnit } from './schedule.js'

/*
 * A reading is what a clock on a wall shows, as a number: the milliseconds since the epoch at which the clocks of UTC
 * show the same. Readings of one zone do not belong to exactly one instant each: see `WallClock`.
 */

/** The reading of 'YYYY-MM-DDTHH:mm' or 'YYYY-MM-DDTHH:mm:ss'; undefined where no clock can ever show it. */
export function parseReading(local: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(local)) return undefined
  const reading = Date.parse(`${local}Z`)
  // Some dates that do not exist are taken for the day after; they are written differently then.
  return Number.isNaN(reading) || !new Date(reading).toISOString().startsWith(local) ? undefined : reading
}

/**
 * The reading so many units later, at the same time of day. A day that the month does not have becomes its last: a month
 * after 31 January is 28 or 29 February. NaN beyond what a Date can hold.
 */
export function shiftReading(reading: number, count: number, unit: CalendarUnit): number {
  switch (unit) {
    case 'days':
      return reading + count * 86_400_000
    case 'weeks':
      return reading + count * 7 * 86_400_000
    case 'months':
      return shiftMonths(reading, count)
    case 'years':
      return shiftMonths(reading, count * 12)
  }
}

function shiftMonths(reading: number, months: number): number {
  const date = new Date(reading)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return date.setUTCFullYear(year, month, Math.min(date.getUTCDate(), lastDay))
}

/** How many whole units lie between two readings, give or take one: where to begin looking. */
export function countUnits(from: number, to: number, unit: CalendarUnit): number {
  const averageMs = { days: 86_400_000, weeks: 604_800_000, months: 2_629_746_000, years: 31_556_952_000 }
  return Math.floor((to - from) / averageMs[unit])
}

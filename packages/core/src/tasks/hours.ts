import { WallClock } from '../schedule/wall-clock.js'
import type { Hours } from './document.js'

const minuteMs = 60_000
const dayMs = 86_400_000

/** When hours open next: now where they are open. Hours that a day skips open when the gap ends. */
export function opensAt({ fromMinute, toMinute, zone }: Hours, now: number): number {
  const clock = new WallClock(zone)
  const reading = clock.readingAt(now)
  const midnight = Math.floor(reading / dayMs) * dayMs
  const minute = (reading - midnight) / minuteMs
  const isOpen =
    fromMinute < toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute
  if (isOpen) return now
  const today = midnight + fromMinute * minuteMs
  return clock.firstInstantOf(reading < today ? today : today + dayMs)
}

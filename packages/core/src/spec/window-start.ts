import type { EventCondition, ReceivedCondition } from './segment.js'

/** The first instant that a condition counts, in milliseconds since the epoch; 0 where it looks back as far as it can. */
export function windowStart({ withinMs }: EventCondition | ReceivedCondition, now: number): number {
  return withinMs === undefined ? 0 : Math.max(0, now - withinMs)
}

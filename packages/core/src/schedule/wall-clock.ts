import { ReachError } from '../spec/errors.js'

/** No zone was ever further from UTC. */
const furthestOffsetMs = 16 * 3_600_000

/** What was asked before: to find out costs 50 us. */
const asked = new Map<string, boolean>()
const mostAsked = 2_000

/** True for a zone name that this Node knows. */
export function isZone(zone: string): boolean {
  const known = asked.get(zone)
  if (known !== undefined) return known
  if (asked.size >= mostAsked) asked.clear()
  const found = isKnown(zone)
  asked.set(zone, found)
  return found
}

function isKnown(zone: string): boolean {
  try {
    return offsetFormat(zone) !== undefined
  } catch {
    return false
  }
}

/**
 * The clock on a wall in one zone. It maps instants (milliseconds since the epoch) to readings (see `reading.ts`) and
 * back, where daylight saving leaves gaps, readings that never come, and folds, readings that come twice. The zone's
 * rules are those of Node's own ICU data. It assumes that a zone changes its offset at most once in 32 hours.
 */
export class WallClock {
  readonly #format: Intl.DateTimeFormat

  /** @throws RangeError where the zone is not known. */
  constructor(zone: string) {
    this.#format = offsetFormat(zone)
  }

  /** What the clock shows at an instant. */
  readingAt(instant: number): number {
    return instant + this.#offsetAt(instant)
  }

  /** When the clock shows this: once, twice in a fold (the earlier first), or never in a gap. */
  instantsOf(reading: number): readonly number[] {
    const before = reading - this.#offsetAt(reading - furthestOffsetMs)
    const after = reading - this.#offsetAt(reading + furthestOffsetMs)
    const candidates = before === after ? [before] : [before, after]
    return candidates.filter((instant) => this.readingAt(instant) === reading)
  }

  /** When the clock first shows this or more: for a reading in a gap, the instant at which the gap ends. */
  firstInstantOf(reading: number): number {
    return this.instantsOf(reading)[0] ?? this.turnBetween(reading - furthestOffsetMs, reading + furthestOffsetMs)
  }

  /** The highest reading up to this instant: more than it shows now, while it repeats a fold. */
  highestReadingUntil(instant: number): number {
    const reading = this.readingAt(instant)
    const [first, second] = this.instantsOf(reading)
    if (first === undefined || second === undefined || instant < second) return reading
    return this.readingAt(this.turnBetween(first, second) - 1)
  }

  /** The first instant after `from` with another offset, if it is at most `to`; else `to`. */
  turnBetween(from: number, to: number): number {
    const offset = this.#offsetAt(from)
    let [before, after] = [from, to]
    if (this.#offsetAt(to) === offset) return to
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (this.#offsetAt(middle) === offset) before = middle
      else after = middle
    }
    return after
  }

  /** How far the clock is ahead of UTC, in milliseconds. */
  #offsetAt(instant: number): number {
    const text = this.#format.format(instant)
    const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text)
    if (match === null) throw new ReachError('REACH_INTERNAL', 'Intl.DateTimeFormat wrote an offset that is not known.')
    const [, sign, hours = 0, minutes = 0, seconds = 0] = match
    const offsetMs = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000
    return sign === '-' ? -offsetMs : offsetMs
  }
}

function offsetFormat(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, year: 'numeric', timeZoneName: 'longOffset' })
}

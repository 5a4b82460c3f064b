import { loadCronReadings } from '../schedule/cron-readings.js'
import { openSchedule } from '../schedule/firings.js'
import { latestFiring } from '../schedule/missed-firings.js'
import type { NextFiring, Schedule } from '../schedule/schedule.js'
import { WallClock, isZone } from '../schedule/wall-clock.js'
import { ReachError } from '../spec/index.js'
import type { NewRun } from '../spec/index.js'
import type { Task } from './document.js'

/** The first zone in which a day begins: its clocks are fourteen hours ahead, all year round. */
export const firstZone = 'Etc/GMT-14'
const firstZoneMs = 14 * 3_600_000
/** So long after the first zone the last one reads the same time. */
export const zoneSpreadMs: number = 26 * 3_600_000
/** How long before the first zone a firing of all zones looks which there are. */
const leadMs = 15 * 60_000

/** What is run at one firing: once, or once a zone. */
export type PlannedRun = Omit<NewRun, 'id'>

/**
 * When a task fires, and what is run then. Pure: two processes plan the same runs under the same keys, so that each is
 * begun once. A local time is known by its zone and what the clock on the wall shows, so it is run once however often the
 * clock shows it, and whatever two processes know of daylight saving.
 */
export class Timetable {
  readonly #next: NextFiring
  readonly #until: number
  readonly #keyOf: (instant: number) => string
  readonly isByZone: boolean

  private constructor(next: NextFiring, until: number, keyOf: (instant: number) => string, isByZone: boolean) {
    this.#next = next
    this.#until = until
    this.#keyOf = keyOf
    this.isByZone = isByZone
  }

  /** @throws ReachError `REACH_SCHEDULE_INVALID` for one that follows each recipient's zone and cannot. */
  static async open(task: Pick<Task, 'schedule' | 'scheduledAt' | 'until'>): Promise<Timetable> {
    const { schedule, scheduledAt, until = Infinity } = task
    if (schedule === undefined) {
      const once: NextFiring = (after) => (scheduledAt > after ? scheduledAt : undefined)
      return new Timetable(once, Infinity, keyOfInstant, false)
    }
    const isByZone = 'zone' in schedule && schedule.zone === 'recipient'
    const context = { createdAt: scheduledAt, ...(isByZone && { zone: firstZone }) }
    if (isByZone) await assertByZone(schedule)
    const firings = await openSchedule(schedule, context)
    const next: NextFiring = isByZone ? ahead(firings) : firings
    return new Timetable(next, until, isByZone ? keyOfInstant : await keysOf(schedule), isByZone)
  }

  /** The first firing behind an instant. */
  next(after: number): number | undefined {
    const firing = this.#next(after)
    return firing === undefined || firing > this.#until ? undefined : firing
  }

  /** The last of the firings behind one and not behind another: itself where there is none between. */
  latest(from: number, now: number): number {
    return latestFiring((after) => this.next(after), from, now) ?? from
  }

  /** True for the instant of a firing. */
  isFiring(instant: number): boolean {
    return this.next(instant - 1) === instant
  }

  /** What a firing of one run runs. */
  run(instant: number): PlannedRun {
    return { key: this.#keyOf(instant), due: instant, part: '' }
  }

  /** What a firing of all zones runs: once a zone, when its clocks show the time. */
  runIn(instant: number, part: ZonePart, fallback: string): PlannedRun {
    const reading = instant + leadMs + firstZoneMs
    const due = new WallClock(part.zone ?? fallback).firstInstantOf(reading)
    return { key: `${shown(reading)} ${part.zone ?? '-'}`, due, part: JSON.stringify(part) }
  }
}

/** The part of an audience that lives in one zone; `null` for who has none that is known. */
export interface ZonePart {
  readonly zone: string | null
  /** As the audience names it: for `null` whatever is no zone, too. */
  readonly named: readonly (string | null)[]
}

/** Once a zone; what Node does not know counts as none. */
export function zoneParts(zones: Iterable<string | null>): readonly ZonePart[] {
  const parts = new Map<string | null, (string | null)[]>()
  for (const named of zones) {
    const zone = named !== null && isZone(named) ? named : null
    parts.set(zone, [...(parts.get(zone) ?? []), named])
  }
  return [...parts].map(([zone, named]) => ({ zone, named }))
}

/** The part of the audience that a run is for; undefined for all of it. */
export function readPart(part: string): ZonePart | undefined {
  return part === '' ? undefined : (JSON.parse(part) as ZonePart)
}

function ahead(firings: NextFiring): NextFiring {
  return (after) => {
    const firing = firings(after + leadMs)
    return firing === undefined ? undefined : firing - leadMs
  }
}

function keyOfInstant(instant: number): string {
  return new Date(instant).toISOString()
}

/** As the clock on the wall of the zone shows it, for schedules that follow one. */
async function keysOf(schedule: Schedule): Promise<(instant: number) => string> {
  if (!('zone' in schedule) || (await isEveryHour(schedule))) return keyOfInstant
  const { zone } = schedule
  const clock = new WallClock(zone)
  return (instant) => `${shown(clock.readingAt(instant))} ${zone}`
}

async function isEveryHour(schedule: Schedule): Promise<boolean> {
  return schedule.kind === 'cron' && (await loadCronReadings(schedule.expression)).everyHour
}

function shown(reading: number): string {
  return new Date(reading).toISOString().slice(0, 19)
}

async function assertByZone(schedule: Schedule): Promise<void> {
  const text =
    schedule.kind === 'calendar'
      ? 'every() of calendar units follows one zone: for the zone of each recipient give a cron'
      : (await isEveryHour(schedule)) && 'a cron of every hour is the same in every zone: leave the zone out'
  if (text !== false) throw new ReachError('REACH_SCHEDULE_INVALID', text)
}

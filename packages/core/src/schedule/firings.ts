import { openCalendar } from './calendar-firings.js'
import { openCron } from './cron-firings.js'
import { loadCronReadings } from './cron-readings.js'
import { invalidSchedule } from './invalid.js'
import { parseReading } from './reading.js'
import type {
  IntervalSchedule,
  LocalSchedule,
  NextFiring,
  Schedule,
  ScheduleContext,
  ScheduleZone,
} from './schedule.js'
import { WallClock } from './wall-clock.js'

/** Prepares a schedule for one or many questions: reads the cron expression and the zone once. */
export async function openSchedule(schedule: Schedule, context: ScheduleContext): Promise<NextFiring> {
  switch (schedule.kind) {
    case 'at':
      return once(schedule.atMs)
    case 'after':
      return once(context.createdAt + schedule.delayMs)
    case 'local':
      return once(instantOf(schedule, context))
    case 'interval':
      return openInterval(schedule, context)
    case 'calendar':
      return openCalendar(schedule, context, openZone(schedule.zone, context))
    case 'cron': {
      const clock = openZone(schedule.zone, context)
      return openCron(await loadCronReadings(schedule.expression), clock)
    }
  }
}

function once(firingMs: number): NextFiring {
  return (afterMs) => (firingMs > afterMs ? firingMs : undefined)
}

function instantOf({ local, zone }: LocalSchedule, context: ScheduleContext): number {
  return openZone(zone, context).firstInstantOf(parseReading(local) ?? Number.NaN)
}

function openInterval({ everyMs, fromMs }: IntervalSchedule, { createdAt }: ScheduleContext): NextFiring {
  const first = fromMs ?? createdAt + everyMs
  return (afterMs) => (afterMs < first ? first : first + (Math.floor((afterMs - first) / everyMs) + 1) * everyMs)
}

function openZone(zone: ScheduleZone, context: ScheduleContext): WallClock {
  const name = zone === 'recipient' ? context.zone : zone
  if (name === undefined)
    throw invalidSchedule('zone', name, "given in the context where the schedule's is 'recipient'")
  try {
    return new WallClock(name)
  } catch (cause) {
    throw invalidSchedule('zone', name, "a time zone such as 'Europe/Berlin'", cause)
  }
}

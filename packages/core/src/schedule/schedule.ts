/** Units that follow the calendar of a zone: a day can have 23, 24 or 25 hours, a month 28 to 31 days. */
export type CalendarUnit = 'days' | 'weeks' | 'months' | 'years'

/** Units of one length everywhere. */
export type ClockUnit = 'seconds' | 'minutes' | 'hours'

/**
 * A zone name of the IANA database, such as 'Europe/Berlin', or 'recipient': the zone of each recipient. Then there is
 * one next firing for each zone that recipients live in: ask once a zone, not once a recipient.
 */
export type ScheduleZone = string

/** Once, at an instant. */
export interface AtSchedule {
  readonly kind: 'at'
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

/** Once, when the clocks of a zone read this. */
export interface LocalSchedule {
  readonly kind: 'local'
  /** As 'YYYY-MM-DDTHH:mm' or with ':ss', without an offset. */
  readonly local: string
  readonly zone: ScheduleZone
}

/** Once, so long after the schedule was created. */
export interface AfterSchedule {
  readonly kind: 'after'
  readonly delayMs: number
}

/** Again and again, always the same time apart. */
export interface IntervalSchedule {
  readonly kind: 'interval'
  /** At least a second. */
  readonly everyMs: number
  /** The first firing. Left out, the first one is an interval after creation. */
  readonly fromMs?: number
}

/** Again and again at the same time of day, and for months and years on the same day or the month's last. */
export interface CalendarSchedule {
  readonly kind: 'calendar'
  readonly amount: number
  readonly unit: CalendarUnit
  readonly zone: ScheduleZone
  /** The first firing, which sets the time of day. Left out, creation sets it and the first one follows a period later. */
  readonly fromMs?: number
}

/** Whenever the clocks of a zone match a cron expression. */
export interface CronSchedule {
  readonly kind: 'cron'
  /** Five fields, or six with seconds first, or a macro such as '@daily'. */
  readonly expression: string
  readonly zone: ScheduleZone
}

/**
 * When something fires: plain data, as it is stored in JSON. Made by `at`, `after`, `every` and `cron`; what comes from
 * elsewhere goes through `parseSchedule` first.
 */
export type Schedule = AtSchedule | LocalSchedule | AfterSchedule | IntervalSchedule | CalendarSchedule | CronSchedule

/** What a schedule leaves open. */
export interface ScheduleContext {
  /** When the schedule was created: `after` and an `every` without `from` count from it. Milliseconds since the epoch. */
  readonly createdAt: number
  /** The zone that stands for 'recipient'; schedules with a zone of their own ignore it. */
  readonly zone?: string
}

/**
 * The first firing after an instant, or undefined where none is left. Both are milliseconds since the epoch. Pure: the
 * same question has the same answer, wherever one asked before.
 */
export type NextFiring = (afterMs: number) => number | undefined

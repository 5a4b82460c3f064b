export { after } from './after.js'
export { at } from './at.js'
export { cron } from './cron.js'
export type { CronOptions } from './cron.js'
export { every } from './every.js'
export type { CalendarOptions, CalendarPeriod, ClockPeriod, EveryOptions } from './every.js'
export { missedFirings } from './missed-firings.js'
export type { MissedPolicy } from './missed-firings.js'
export { firingsBetween, nextFiring } from './next-firing.js'
export { parseSchedule } from './parse.js'
export type {
  AfterSchedule,
  AtSchedule,
  CalendarSchedule,
  CalendarUnit,
  ClockUnit,
  CronSchedule,
  IntervalSchedule,
  LocalSchedule,
  Schedule,
  ScheduleContext,
  ScheduleZone,
} from './schedule.js'
export { isZone } from './wall-clock.js'

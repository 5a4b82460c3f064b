import { OptionReader } from '../options/index.js'
import { firingsBetween, parseSchedule } from '../schedule/index.js'
import type { Schedule } from '../schedule/index.js'
import { isZone } from '../schedule/wall-clock.js'
import { ReachError, lanes } from '../spec/index.js'
import type { Task } from './document.js'
import { readHours, readRate } from './read-rate.js'
import { Timetable, firstZone, zoneSpreadMs } from './timetable.js'

/** An instant that has passed by less than this is now. */
const graceMs = 60_000
const mostRuns = 10_000

const settingNames = [
  'schedule',
  'until',
  'maxRuns',
  'missed',
  'overlap',
  'rate',
  'hours',
  'comment',
  'maxRejects',
  'ttl',
] as const
const planNames = ['number', 'fallbackZone', 'priority', 'tenant', 'group', 'sandbox', 'rejectsTo', 'by'] as const
const coreNames = ['message', 'audience', 'data'] as const

export function createReader(options: unknown): OptionReader {
  return new OptionReader('REACH_OPTION_INVALID', 'tasks.create()', options, [
    ...coreNames,
    ...planNames,
    ...settingNames,
  ])
}

export function editReader(options: unknown): OptionReader {
  return new OptionReader('REACH_OPTION_INVALID', 'edit()', options, settingNames)
}

export type EditableSettings = Pick<
  Task,
  'schedule' | 'scheduledAt' | 'until' | 'missed' | 'overlap' | 'rate' | 'hours' | 'comment' | 'maxRejects' | 'ttlMs'
>

/**
 * What may be set of a task at any time. Of an edit, what is left out stays as `stands`.
 * @throws ReachError `REACH_SCHEDULE_PAST` for a schedule without a firing from now on.
 */
export async function readSettings(reader: OptionReader, now: number, stands?: Task): Promise<EditableSettings> {
  const given = reader.raw('schedule')
  const schedule = given === undefined ? stands?.schedule : await parseSchedule(given)
  const scheduledAt = given === undefined && stands !== undefined ? stands.scheduledAt : now
  const settings = {
    schedule,
    scheduledAt,
    missed: reader.choice('missed', ['once', 'all', 'skip']) ?? stands?.missed ?? 'once',
    overlap: reader.flag('overlap') ?? stands?.overlap ?? false,
    rate: readRate(reader) ?? stands?.rate,
    hours: readHours(reader) ?? stands?.hours,
    comment: reader.text('comment') ?? stands?.comment,
    maxRejects: reader.whole('maxRejects', 0) ?? stands?.maxRejects ?? 1_000,
    ttlMs: reader.durationMs('ttl', 1) ?? stands?.ttlMs,
  }
  const until = await readUntil(reader, schedule, scheduledAt, stands)
  if (given !== undefined) await assertAhead({ schedule, scheduledAt, until }, now)
  return { ...settings, until }
}

/** The last firing: what `until` says, or the last of so many. */
async function readUntil(
  reader: OptionReader,
  schedule: Schedule | undefined,
  scheduledAt: number,
  stands: Task | undefined,
): Promise<number | undefined> {
  const until = reader.raw('until')
  const maxRuns = reader.whole('maxRuns', 1)
  if (until !== undefined && (!(until instanceof Date) || Number.isNaN(until.getTime())))
    return reader.refuse('until', 'a valid Date')
  if (maxRuns === undefined) return until === undefined ? stands?.until : until.getTime()
  if (maxRuns > mostRuns) return reader.refuse('maxRuns', `a whole number from 1 to ${mostRuns}`)
  const last = schedule === undefined ? undefined : await lastOf(schedule, scheduledAt, maxRuns)
  if (until === undefined) return last
  return last === undefined ? until.getTime() : Math.min(last, until.getTime())
}

async function lastOf(schedule: Schedule, scheduledAt: number, count: number): Promise<number | undefined> {
  const byZone = 'zone' in schedule && schedule.zone === 'recipient'
  const context = { createdAt: scheduledAt, ...(byZone && { zone: firstZone }) }
  const firings = await firingsBetween(schedule, scheduledAt - 1, Infinity, count, context)
  return firings.at(-1)
}

async function assertAhead(task: Pick<Task, 'schedule' | 'scheduledAt' | 'until'>, now: number): Promise<void> {
  if (task.schedule === undefined) return
  const timetable = await Timetable.open(task)
  const since = now - graceMs - (timetable.isByZone ? zoneSpreadMs : 0)
  if (timetable.next(since) !== undefined) return
  throw new ReachError(
    'REACH_SCHEDULE_PAST',
    'the schedule has no firing from now on: its time, or `until`, has passed',
  )
}

export interface PlanSettings
  extends Pick<Task, 'fallbackZone' | 'lane' | 'tenant' | 'group' | 'sandbox' | 'rejectsTo' | 'createdBy'> {
  readonly number: string | undefined
}

/** What a task is from its creation on. */
export function readPlanSettings(
  reader: OptionReader,
  defaults: { readonly tenant: string; readonly sandbox: boolean },
): PlanSettings {
  const number = reader.text('number')
  if (number !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$/.test(number))
    return reader.refuse('number', "1 to 48 letters, digits, '.', '_' and '-', the first a letter or a digit")
  const fallbackZone = reader.text('fallbackZone') ?? 'UTC'
  if (!isZone(fallbackZone)) return reader.refuse('fallbackZone', "a time zone such as 'Asia/Shanghai'")
  return {
    number,
    fallbackZone,
    lane: reader.choice('priority', lanes) ?? 'P3',
    tenant: reader.text('tenant') ?? defaults.tenant,
    group: reader.text('group'),
    sandbox: reader.flag('sandbox') ?? defaults.sandbox,
    rejectsTo: reader.text('rejectsTo'),
    createdBy: reader.text('by'),
  }
}

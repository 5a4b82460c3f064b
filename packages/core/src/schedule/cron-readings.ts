import type { CronExpression } from 'cron-parser'
import { ReachError } from '../spec/errors.js'
import { invalidSchedule } from './invalid.js'

/** The readings (see `reading.ts`) that match a cron expression, in a world without daylight saving. */
export interface CronReadings {
  /**
   * The first one above `reading`. Takes 0.01 to 5 ms, the longer the rarer it fires.
   * @throws ReachError `REACH_SCHEDULE_NEVER` where there is none.
   */
  next(reading: number): number
  /** True where all 24 hours match: what fires every hour or more often. */
  readonly everyHour: boolean
}

/**
 * Reads a cron expression with cron-parser, which is loaded when this is first called. It is only ever asked about UTC:
 * by its own daylight saving it loses firings, and what comes next depends on where one begins to ask. `openCron` maps
 * the readings to a zone instead (see docs/decisions/daylight-saving.md).
 * @throws ReachError `REACH_SCHEDULE_INVALID` where it cannot be read, `REACH_SCHEDULE_NEVER` for a day of month that
 * none of its months has.
 */
export async function loadCronReadings(expression: string): Promise<CronReadings> {
  const { CronExpressionParser } = await import('cron-parser')
  const parsed = parseExpression(expression, (text) => CronExpressionParser.parse(text, { tz: 'UTC' }))
  return { next: (reading) => nextOf(parsed, reading), everyHour: parsed.fields.hour.values.length === 24 }
}

type Parse = (text: string) => CronExpression

function parseExpression(expression: string, parse: Parse): CronExpression {
  if (expression.replaceAll(/thu/gi, '').includes('H')) {
    throw invalidSchedule('expression', expression, 'without H, whose value would differ at each reading')
  }
  try {
    return parse(expression)
  } catch (cause) {
    if (isReadableInParts(expression, parse)) throw neverFires(cause)
    throw invalidSchedule('expression', expression, 'a cron expression', cause)
  }
}

/** True where only the days and the months exclude each other: with any of either the expression can be read. */
function isReadableInParts(expression: string, parse: Parse): boolean {
  const fields = expression.trim().split(/\s+/)
  try {
    for (const position of [fields.length - 3, fields.length - 2]) parse(fields.with(position, '*').join(' '))
    return true
  } catch {
    // Also for a macro, which has no such fields: `with` throws.
    return false
  }
}

function nextOf(parsed: CronExpression, reading: number): number {
  parsed.reset(new Date(reading))
  try {
    return parsed.next().getTime()
  } catch (cause) {
    throw neverFires(cause)
  }
}

function neverFires(cause: unknown): ReachError {
  return new ReachError('REACH_SCHEDULE_NEVER', 'The cron expression matches no date at all.', { cause })
}

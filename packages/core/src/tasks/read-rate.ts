import type { OptionReader } from '../options/index.js'
import { isZone } from '../schedule/wall-clock.js'
import { isFields } from '../options/index.js'
import type { Hours, Rate } from './document.js'

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

/** `'500/s'`. */
export function readRate(reader: OptionReader): Rate | undefined {
  const value = reader.raw('rate')
  if (value === undefined) return undefined
  const match = typeof value === 'string' ? /^(\d{1,9})\/([smh])$/.exec(value) : null
  const count = Number(match?.[1])
  const perMs = unitMs[match?.[2] ?? '']
  if (count >= 1 && perMs !== undefined) return { count, perMs }
  return reader.refuse('rate', "a whole number of messages in a second, minute or hour, such as '500/s'")
}

const allowedHours = "hours of the day, such as { from: '22:00', to: '06:00', zone: 'Asia/Shanghai' }"

export function readHours(reader: OptionReader): Hours | undefined {
  const value = reader.raw('hours')
  if (value === undefined) return undefined
  if (!isFields(value)) return reader.refuse('hours', allowedHours)
  const { from, to, zone = 'UTC' } = value
  const fromMinute = minuteOf(from)
  const toMinute = minuteOf(to)
  const fits = fromMinute !== undefined && toMinute !== undefined && fromMinute !== toMinute
  if (fits && typeof zone === 'string' && isZone(zone)) return { fromMinute, toMinute, zone }
  return reader.refuse('hours', allowedHours)
}

function minuteOf(value: unknown): number | undefined {
  const match = typeof value === 'string' ? /^([01]\d|2[0-3]):([0-5]\d)$/.exec(value) : null
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2])
}

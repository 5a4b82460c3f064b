import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { after } from './after.js'
import { at } from './at.js'
import { cron } from './cron.js'
import { type ClockPeriod, every } from './every.js'
import { missedFirings } from './missed-firings.js'
import { firingsBetween, nextFiring } from './next-firing.js'
import { parseSchedule } from './parse.js'
import type { CalendarUnit, Schedule } from './schedule.js'

const createdAt = Date.parse('2026-01-31T09:30:00Z')
const context = { createdAt }

async function firings(schedule: Schedule, count: number, from = createdAt - 1): Promise<string[]> {
  const found = await firingsBetween(schedule, from, Infinity, count, context)
  return found.map((instant) => new Date(instant).toISOString().replace(':00.000Z', 'Z'))
}

describe('once', () => {
  it('fires at the instant, and never again', async () => {
    const schedule = at(new Date('2026-06-01T10:00:00Z'))
    expect(await firings(schedule, 5)).toEqual(['2026-06-01T10:00Z'])
    expect(await nextFiring(schedule, Date.parse('2026-06-01T10:00:00Z'), context)).toBeUndefined()
  })

  it('fires so long after creation', async () => {
    expect(await firings(after('2h'), 5)).toEqual(['2026-01-31T11:30Z'])
    expect(await firings(after('0s'), 5)).toEqual(['2026-01-31T09:30Z'])
  })

  it('fires at a local time, of a zone or of each recipient', async () => {
    expect(await firings(at('2026-06-01T10:00', { zone: 'Asia/Shanghai' }), 5)).toEqual(['2026-06-01T02:00Z'])
    expect(await firings(at('2026-03-29T02:30:00', { zone: 'Europe/Berlin' }), 5)).toEqual(['2026-03-29T01:00Z'])
    const schedule = at('2026-06-01T10:00', { zone: 'recipient' })
    const inTokyo = await nextFiring(schedule, createdAt, { createdAt, zone: 'Asia/Tokyo' })
    expect(inTokyo).toBe(Date.parse('2026-06-01T01:00:00Z'))
  })
})

describe('every length of time', () => {
  it('counts from creation, or from the first firing', async () => {
    expect(await firings(every('90m'), 3)).toEqual(['2026-01-31T11:00Z', '2026-01-31T12:30Z', '2026-01-31T14:00Z'])
    const fromNoon = every({ amount: 6, unit: 'hours' }, { from: new Date('2026-02-01T12:00:00Z') })
    expect(await firings(fromNoon, 3)).toEqual(['2026-02-01T12:00Z', '2026-02-01T18:00Z', '2026-02-02T00:00Z'])
  })

  it('is never between two firings, which are the length apart', async () => {
    const length = fc.integer({ min: 1_000, max: 10 ** 9 })
    await fc.assert(
      fc.asyncProperty(length, fc.integer({ min: -(10 ** 10), max: 10 ** 12 }), async (everyMs, offset) => {
        const first = createdAt + everyMs
        const firing = (await nextFiring({ kind: 'interval', everyMs }, createdAt + offset, context)) ?? 0
        expect((firing - first) % everyMs).toBe(0)
        expect(firing).toBeGreaterThan(createdAt + offset)
        expect(firing === first || firing - everyMs <= createdAt + offset).toBe(true)
      }),
    )
  })
})

describe('every unit of the calendar', () => {
  it('clamps month ends without keeping them', async () => {
    const monthly = every({ amount: 1, unit: 'months' }, { from: new Date('2028-01-31T09:30:00Z') })
    expect(await firings(monthly, 4)).toEqual([
      '2028-01-31T09:30Z',
      '2028-02-29T09:30Z',
      '2028-03-31T09:30Z',
      '2028-04-30T09:30Z',
    ])
    expect(await firings(every({ amount: 1, unit: 'months' }), 2)).toEqual(['2026-02-28T09:30Z', '2026-03-31T09:30Z'])
    const yearly = every({ amount: 1, unit: 'years' }, { from: new Date('2028-02-29T00:00:00Z') })
    expect(await firings(yearly, 5)).toEqual([
      '2028-02-29T00:00Z',
      '2029-02-28T00:00Z',
      '2030-02-28T00:00Z',
      '2031-02-28T00:00Z',
      '2032-02-29T00:00Z',
    ])
  })

  it('keeps the time of day over daylight saving, in gaps and folds too', async () => {
    const daily = (from: string, zone: string) => every({ amount: 1, unit: 'days' }, { from: new Date(from), zone })
    const spring = daily('2026-03-07T07:30:00Z', 'America/New_York')
    expect(await firings(spring, 3)).toEqual(['2026-03-07T07:30Z', '2026-03-08T07:00Z', '2026-03-09T06:30Z'])
    const autumn = daily('2026-10-31T05:30:00Z', 'America/New_York')
    expect(await firings(autumn, 3)).toEqual(['2026-10-31T05:30Z', '2026-11-01T05:30Z', '2026-11-02T06:30Z'])
    const apia = daily('2011-12-29T10:30:00Z', 'Pacific/Apia')
    expect(await firings(apia, 3, 0)).toEqual(['2011-12-29T10:30Z', '2011-12-30T10:00Z', '2011-12-30T10:30Z'])
  })

  it('does not fire again while a time is repeated', async () => {
    const from = new Date('2026-10-31T05:30:00Z')
    const schedule = every({ amount: 1, unit: 'days' }, { from, zone: 'America/New_York' })
    for (const inFold of ['2026-11-01T05:30:00Z', '2026-11-01T06:10:00Z', '2026-11-01T06:30:00Z']) {
      expect(await firings(schedule, 1, Date.parse(inFold))).toEqual(['2026-11-02T06:30Z'])
    }
  })

  it('never fires before `from`, even where the clock shows its time twice', async () => {
    const secondPass = new Date('2026-11-01T06:30:00Z')
    const schedule = every({ amount: 1, unit: 'days' }, { from: secondPass, zone: 'America/New_York' })
    expect(await firings(schedule, 2)).toEqual(['2026-11-01T06:30Z', '2026-11-02T06:30Z'])
  })

  it('fires at the shifted first reading, and at nothing between', async () => {
    const unit = fc.constantFrom<CalendarUnit[]>('days', 'weeks', 'months', 'years')
    const offset = fc.integer({ min: -(10 ** 10), max: 3 * 10 ** 12 })
    const first = fc.date({ min: new Date('1999-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    await fc.assert(
      fc.asyncProperty(unit, fc.integer({ min: 1, max: 30 }), first, offset, async (of, amount, from, later) => {
        const schedule = every({ amount, unit: of }, { from, zone: 'UTC' })
        const found = await nextFiring(schedule, from.getTime() + later, context)
        expect(found).toBe(stepThrough(from, amount, of, from.getTime() + later))
      }),
      { numRuns: 300 },
    )
  })
})

/** The firing after an instant in UTC, one step at a time. */
function stepThrough(from: Date, amount: number, unit: CalendarUnit, afterMs: number): number {
  for (let count = 0; ; count += amount) {
    const days = unit === 'days' ? count : unit === 'weeks' ? count * 7 : 0
    const months = unit === 'months' ? count : unit === 'years' ? count * 12 : 0
    const shifted = new Date(from)
    shifted.setUTCDate(1)
    shifted.setUTCMonth(shifted.getUTCMonth() + months)
    const monthDays = new Date(Date.UTC(shifted.getUTCFullYear(), shifted.getUTCMonth() + 1, 0)).getUTCDate()
    shifted.setUTCDate(Math.min(from.getUTCDate(), monthDays) + days)
    if (shifted.getTime() > afterMs) return shifted.getTime()
  }
}

describe('missedFirings', () => {
  const daily = cron('0 9 * * *')
  const [last, now] = [Date.parse('2026-02-01T09:00Z'), Date.parse('2026-02-04T09:00Z')]
  const missed = async (policy: 'once' | 'all' | 'skip', limit = 10) =>
    (await missedFirings(daily, last, now, policy, limit, context)).map((firing) => new Date(firing).getUTCDate())

  it('runs the latest, all or none', async () => {
    expect(await missed('once')).toEqual([4])
    expect(await missed('all')).toEqual([2, 3, 4])
    expect(await missed('all', 2)).toEqual([2, 3])
    expect(await missed('skip')).toEqual([])
  })

  it('has nothing to run where nothing was missed', async () => {
    for (const policy of ['once', 'all', 'skip'] as const) {
      expect(await missedFirings(daily, last, last + 1_000, policy, 10, context)).toEqual([])
      expect(await missedFirings(at(new Date(last)), last, now, policy, 10, context)).toEqual([])
    }
  })

  it('finds the latest of a million without walking through them', async () => {
    const everySecond = cron('* * * * * *')
    const found = await missedFirings(everySecond, last, last + 1_000_000_500, 'once', 10, context)
    expect(found).toEqual([last + 1_000_000_000])
  })

  it('gives by once the last of all', async () => {
    const pattern = fc.tuple(fc.nat(59), fc.uniqueArray(fc.nat(23), { minLength: 1, maxLength: 4 }))
    await fc.assert(
      fc.asyncProperty(pattern, fc.nat(10 ** 9), async ([minute, hours], length) => {
        const schedule = cron(`${minute} ${hours.join()} * * *`, { zone: 'Europe/Berlin' })
        const all = await missedFirings(schedule, last, last + length, 'all', 10_000, context)
        expect(await missedFirings(schedule, last, last + length, 'once', 1, context)).toEqual(all.slice(-1))
      }),
    )
  })
})

describe("the zone 'recipient'", () => {
  const schedule = cron('0 10 * * 1', { zone: 'recipient' })

  it('is refused without a zone in the context, and replaced by it', async () => {
    await expect(nextFiring(schedule, createdAt, context)).rejects.toThrow(/^REACH_SCHEDULE_INVALID: zone/)
    const inTokyo = await nextFiring(schedule, createdAt, { createdAt, zone: 'Asia/Tokyo' })
    expect(inTokyo).toBe(Date.parse('2026-02-02T01:00Z'))
  })

  it('is refused where the context names no real zone', async () => {
    const wrong = nextFiring(schedule, createdAt, { createdAt, zone: 'Mars/Olympus' })
    await expect(wrong).rejects.toThrow(/^REACH_SCHEDULE_INVALID: zone((?!Mars).)*$/)
  })
})

describe('parseSchedule', () => {
  const examples: Schedule[] = [
    at(new Date(createdAt)),
    at('2026-06-01T10:00', { zone: 'recipient' }),
    after('2h'),
    every('2h'),
    every({ amount: 2, unit: 'minutes' }, { from: new Date(createdAt) }),
    every({ amount: 1, unit: 'months' }, { from: new Date(createdAt), zone: 'Europe/Berlin' }),
    every({ amount: 3, unit: 'days' }),
    cron('*/5 * * * *'),
    cron('0 0 10 * * MON-THU', { zone: 'recipient' }),
    cron('@daily'),
  ]

  it.each(examples)('reads back $kind from JSON', async (schedule) => {
    expect(await parseSchedule(JSON.parse(JSON.stringify(schedule)))).toEqual(schedule)
  })

  it.each([
    [null, 'The value'],
    ['0 10 * * *', 'The value'],
    [[], 'The value'],
    [{}, 'kind'],
    [{ kind: 'sometimes' }, 'kind'],
    [{ kind: 'at' }, 'atMs'],
    [{ kind: 'at', atMs: Number.NaN }, 'atMs'],
    [{ kind: 'at', atMs: 9e15 }, 'atMs'],
    [{ kind: 'at', atMs: 0, zone: 'UTC' }, 'The fields'],
    [{ kind: 'local', local: '2026-02-30T10:00', zone: 'UTC' }, 'local'],
    [{ kind: 'local', local: '2026-02-20T10:00Z', zone: 'UTC' }, 'local'],
    [{ kind: 'after', delayMs: -1 }, 'delayMs'],
    [{ kind: 'interval', everyMs: 999 }, 'everyMs'],
    [{ kind: 'interval', everyMs: 1_000, fromMs: '2026' }, 'fromMs'],
    [{ kind: 'calendar', amount: 0, unit: 'days', zone: 'UTC' }, 'amount'],
    [{ kind: 'calendar', amount: 1.5, unit: 'days', zone: 'UTC' }, 'amount'],
    [{ kind: 'calendar', amount: 1, unit: 'fortnights', zone: 'UTC' }, 'unit'],
    [{ kind: 'calendar', amount: 1, unit: 'days' }, 'zone'],
    [{ kind: 'cron', expression: '0 10 * * *', zone: 'system' }, 'zone'],
    [{ kind: 'cron', expression: '', zone: 'UTC' }, 'expression'],
    [{ kind: 'cron', expression: '10 * *', zone: 'UTC' }, 'expression'],
    [{ kind: 'cron', expression: '* * * * * * *', zone: 'UTC' }, 'expression'],
    [{ kind: 'cron', expression: '60 * * * *', zone: 'UTC' }, 'expression'],
    [{ kind: 'cron', expression: 'H * * * *', zone: 'UTC' }, 'expression'],
    [{ kind: 'cron', expression: '0 0 30 13 *', zone: 'UTC' }, 'expression'],
    [{ kind: 'cron', expression: '0 0 32 2 *', zone: 'UTC' }, 'expression'],
    [{ kind: 'cron', expression: '@reboot', zone: 'UTC' }, 'expression'],
  ])('refuses %j by naming %s', async (value, field) => {
    await expect(parseSchedule(value)).rejects.toThrow(`REACH_SCHEDULE_INVALID: ${field} of a schedule must be`)
  })

  it.each(['0 0 30 2 *', '0 0 31 4,6 *', '0 0 30,31 feb *', '0 0 0 30 2 *'])(
    'refuses %s, which never fires',
    async (text) => {
      await expect(parseSchedule(cron(text))).rejects.toThrow(/^REACH_SCHEDULE_NEVER/)
    },
  )

  it.each(['0 0 29 2 *', '0 0 * 2 1#5', '0 0 31 2 1'])('takes %s, which fires rarely', async (text) => {
    expect(await parseSchedule(cron(text))).toEqual(cron(text))
  })
})

describe('the builders', () => {
  it('refuse what they can see is wrong', () => {
    const invalid = /^REACH_SCHEDULE_INVALID/
    expect(() => at(new Date(Number.NaN))).toThrow(invalid)
    expect(() => at('2026-06-01', { zone: 'UTC' })).toThrow(invalid)
    expect(() => every({ amount: 0, unit: 'days' })).toThrow(invalid)
    expect(() => every('10ms')).toThrow(invalid)
    expect(() => every('1d', { from: new Date(Number.NaN) })).toThrow(invalid)
    expect(() => cron('daily')).toThrow(invalid)
    expect(() => cron('0 0 * * *', { zone: 'Nowhere' })).toThrow(invalid)
  })

  it('refuse in JavaScript what types refuse', () => {
    const wrong: Record<string, unknown>[] = [
      { amount: 1, unit: 'eons' },
      { amount: '1', unit: 'days' },
      { amount: Number.NaN, unit: 'hours' },
    ]
    for (const period of wrong) expect(() => every(period as unknown as ClockPeriod)).toThrow(/^REACH_/)
    // @ts-expect-error a local time needs a zone
    expect(() => at('2026-06-01T10:00')).toThrow(/zone/)
    // @ts-expect-error a length of time has no zone
    expect(() => every('1d', { zone: 'Europe/Berlin' })).toThrow(/zone of a schedule must be left out/)
    // @ts-expect-error a duration has a unit
    expect(() => after('2')).toThrow(/^REACH_OPTION_INVALID/)
  })
})

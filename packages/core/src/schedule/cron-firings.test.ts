import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cron } from './cron.js'
import { firingsBetween, nextFiring } from './next-firing.js'

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs
const context = { createdAt: 0 }

const iso = (instant: number | undefined) => (instant === undefined ? undefined : new Date(instant).toISOString())

async function firings(expression: string, zone: string, from: string, to: string): Promise<(string | undefined)[]> {
  const schedule = cron(expression, { zone })
  return (await firingsBetween(schedule, Date.parse(from), Date.parse(to), 1_000, context)).map(iso)
}

describe('a fixed time that a day skips', () => {
  it.each([
    // New York goes from 02:00 to 03:00 on 8 March 2026, at 07:00 UTC.
    ['America/New_York', '30 2 * * *', '2026-03-08T07:00:00.000Z', '2026-03-09T06:30:00.000Z'],
    // Berlin from 02:00 to 03:00 on 29 March 2026, at 01:00 UTC.
    ['Europe/Berlin', '15 2 * * *', '2026-03-29T01:00:00.000Z', '2026-03-30T00:15:00.000Z'],
    // Lord Howe by half an hour, from 02:00 to 02:30 on 4 October 2026, at 15:30 UTC.
    ['Australia/Lord_Howe', '15 2 * * *', '2026-10-03T15:30:00.000Z', '2026-10-04T15:15:00.000Z'],
    // Sao Paulo at midnight on 4 November 2018, at 03:00 UTC.
    ['America/Sao_Paulo', '30 0 * * *', '2018-11-04T03:00:00.000Z', '2018-11-05T02:30:00.000Z'],
    // Cairo at midnight on 26 April 2024, at 22:00 UTC the day before.
    ['Africa/Cairo', '0 0 * * *', '2024-04-25T22:00:00.000Z', '2024-04-26T21:00:00.000Z'],
    // Apia had no 30 December 2011: its clocks went over the date line, at 10:00 UTC.
    ['Pacific/Apia', '0 9 * * *', '2011-12-30T10:00:00.000Z', '2011-12-30T19:00:00.000Z'],
  ])('in %s, %s fires when the gap ends', async (zone, expression, gapEnd, following) => {
    const before = new Date(Date.parse(gapEnd) - 6 * 3_600_000).toISOString()
    expect((await firings(expression, zone, before, following)).slice(-2)).toEqual([gapEnd, following])
  })

  it('fires once with others that the same gap skips, or that follow it', async () => {
    const day = ['America/New_York', '2026-03-08T05:00:00Z', '2026-03-08T12:00:00Z'] as const
    expect(await firings('*/15 2 * * *', ...day)).toEqual(['2026-03-08T07:00:00.000Z'])
    expect(await firings('0 2-3 * * *', ...day)).toEqual(['2026-03-08T07:00:00.000Z'])
  })
})

describe('a fixed time that a day repeats', () => {
  it.each([
    ['America/New_York', '30 1 * * *', '2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z'],
    ['Europe/Berlin', '30 2 * * *', '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
    ['Australia/Lord_Howe', '45 1 * * *', '2026-04-04T14:45:00.000Z', '2026-04-05T15:15:00.000Z'],
    ['America/Sao_Paulo', '30 23 * * *', '2019-02-17T01:30:00.000Z', '2019-02-18T02:30:00.000Z'],
    ['Africa/Cairo', '30 23 * * *', '2024-10-31T20:30:00.000Z', '2024-11-01T21:30:00.000Z'],
  ])('in %s, %s fires the first time only, wherever one asks from', async (zone, expression, first, following) => {
    const schedule = cron(expression, { zone })
    const begin = Date.parse(first)
    expect(iso(await nextFiring(schedule, begin - 1, context))).toBe(first)
    for (let after = begin; after < begin + 6 * 3_600_000; after += 7 * minuteMs) {
      expect(iso(await nextFiring(schedule, after, context))).toBe(following)
    }
  })

  it('survives the case that cron-parser does not', async () => {
    expect(await firings('0 2 * * *', 'Australia/Lord_Howe', '2026-04-04T12:00Z', '2026-04-06T12:00Z')).toEqual([
      '2026-04-04T15:30:00.000Z',
      '2026-04-05T15:30:00.000Z',
    ])
  })
})

describe('a pattern of every hour', () => {
  it('fires each real hour', async () => {
    const hours = async (day: string) => {
      const found = await firings('30 * * * *', 'America/New_York', `${day}T04:00Z`, `${day}T09:00Z`)
      return found.map((firing) => firing?.slice(11, 16))
    }
    expect(await hours('2026-03-08')).toEqual(['04:30', '05:30', '06:30', '07:30', '08:30'])
    expect(await hours('2026-11-01')).toEqual(['04:30', '05:30', '06:30', '07:30', '08:30'])
  })

  it('follows the clock where it is put by half an hour', async () => {
    const spring = await firings('15 * * * *', 'Australia/Lord_Howe', '2026-10-03T14:00Z', '2026-10-03T17:00Z')
    expect(spring).toEqual(['2026-10-03T14:45:00.000Z', '2026-10-03T16:15:00.000Z'])
    const autumn = await firings('45 * * * *', 'Australia/Lord_Howe', '2026-04-04T14:00Z', '2026-04-04T16:00Z')
    expect(autumn).toEqual(['2026-04-04T14:45:00.000Z', '2026-04-04T15:15:00.000Z'])
  })

  it('finds the repeated hour even where the next reading is a year away', async () => {
    const schedule = cron('30 * 16 2 *', { zone: 'America/Sao_Paulo' })
    const lastOfFirstPass = Date.parse('2019-02-17T01:30:00.000Z')
    expect(iso(await nextFiring(schedule, lastOfFirstPass, context))).toBe('2019-02-17T02:30:00.000Z')
  })
})

describe('dates', () => {
  it('has leap days, month ends and nth weekdays', async () => {
    expect(await firings('0 12 29 2 *', 'UTC', '2026-01-01', '2036-01-01')).toEqual([
      '2028-02-29T12:00:00.000Z',
      '2032-02-29T12:00:00.000Z',
    ])
    expect(await firings('0 0 29 2 *', 'UTC', '2097-01-01', '2105-01-01')).toEqual(['2104-02-29T00:00:00.000Z'])
    expect(await firings('0 0 L * *', 'UTC', '2026-01-31', '2026-05-01')).toEqual([
      '2026-02-28T00:00:00.000Z',
      '2026-03-31T00:00:00.000Z',
      '2026-04-30T00:00:00.000Z',
    ])
    expect(await firings('0 9 * * 1#2', 'UTC', '2026-01-01', '2026-03-01')).toEqual([
      '2026-01-12T09:00:00.000Z',
      '2026-02-09T09:00:00.000Z',
    ])
  })

  it('takes six fields, and instants between two seconds', async () => {
    const schedule = cron('*/20 * * * * *')
    expect(await nextFiring(schedule, 19_999, context)).toBe(20_000)
    expect(await nextFiring(schedule, 20_000, context)).toBe(40_000)
    expect(await nextFiring(schedule, 20_000.5, context)).toBe(40_000)
  })
})

/** What clocks of a zone show at each minute around a change, read from Intl in another way than the engine does. */
function minutesAround(zone: string, change: string) {
  const middle = Date.parse(change)
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  return Array.from({ length: (4 * dayMs) / minuteMs }, (_, index) => {
    const instant = middle - 2 * dayMs + index * minuteMs
    const [day = 0, month = 0, year = 0, hour = 0, minute = 0] = format.format(instant).split(/\D+/).map(Number)
    return { instant, reading: Date.UTC(year, month - 1, day, hour, minute) }
  })
}

type Minute = ReturnType<typeof minutesAround>[number]

const changes = [
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
  ['America/Sao_Paulo', '2019-02-17T02:00Z'],
  ['Asia/Tehran', '2022-03-21T20:30Z'],
  ['Asia/Tehran', '2022-09-21T19:30Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Africa/Cairo', '2024-04-25T22:00Z'],
  ['Africa/Cairo', '2024-10-31T21:00Z'],
  ['UTC', '2026-06-01T00:00Z'],
] as const

const someOf = (from: number, to: number) =>
  fc.uniqueArray(fc.integer({ min: from, max: to }), { minLength: 1, maxLength: 6 })

const pattern = fc.record({
  minutes: someOf(0, 59),
  hours: fc.option(fc.oneof(someOf(0, 3), someOf(0, 23)), { freq: 3 }),
  weekdays: fc.option(someOf(0, 6), { freq: 2 }),
})

type Pattern = typeof pattern extends fc.Arbitrary<infer P> ? P : never

function expressionOf({ minutes, hours, weekdays }: Pattern): string {
  return `${minutes.join()} ${hours?.join() ?? '*'} * * ${weekdays?.join() ?? '*'}`
}

function isMatch({ minutes, hours, weekdays }: Pattern, reading: number): boolean {
  const date = new Date(reading)
  if (!minutes.includes(date.getUTCMinutes())) return false
  if (hours !== null && !hours.includes(date.getUTCHours())) return false
  return weekdays === null || weekdays.includes(date.getUTCDay())
}

/** The rules of docs/decisions/daylight-saving.md, minute by minute. */
function expectedFirings(wanted: Pattern, minutes: readonly Minute[]): number[] {
  if (wanted.hours === null) return minutes.filter(({ reading }) => isMatch(wanted, reading)).map((m) => m.instant)
  const found = new Set<number>()
  let highest = (minutes[0]?.reading ?? 0) - minuteMs
  for (const { instant, reading } of minutes) {
    for (let passed = highest + minuteMs; passed <= reading; passed += minuteMs) {
      if (isMatch(wanted, passed)) found.add(instant)
    }
    highest = Math.max(highest, reading)
  }
  return [...found]
}

describe.each(changes)('in %s around %s', (zone, change) => {
  const minutes = minutesAround(zone, change)
  const first = minutes[0]?.instant ?? 0
  const last = minutes.at(-1)?.instant ?? 0

  it('fires exactly when the minutes of the clock say so, for any pattern', async () => {
    await fc.assert(
      fc.asyncProperty(pattern, async (wanted) => {
        const schedule = cron(expressionOf(wanted), { zone })
        const found = await firingsBetween(schedule, first - 1, last, 10_000, context)
        expect(found.map(iso)).toEqual(expectedFirings(wanted, minutes).map(iso))
      }),
      { numRuns: 40 },
    )
  })

  it('answers the same from any instant: the first firing after it', async () => {
    await fc.assert(
      fc.asyncProperty(pattern, fc.integer({ min: first, max: last - 2 * dayMs }), async (wanted, after) => {
        const expected = expectedFirings(wanted, minutes).find((firing) => firing > after)
        const found = await nextFiring(cron(expressionOf(wanted), { zone }), after, context)
        if (expected !== undefined) expect(iso(found)).toBe(iso(expected))
        expect(found).toBeGreaterThan(after)
      }),
      { numRuns: 60 },
    )
  })
})

// Days of month and months, for any pattern, against a scan of each day of two years of which one has a leap day.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cron } from './cron.js'
import { firingsBetween, nextFiring } from './next-firing.js'

const dayMs = 86_400_000
const firstDay = Date.UTC(2027, 0, 1)
const days = Array.from({ length: 731 }, (_, index) => new Date(firstDay + index * dayMs))
const context = { createdAt: 0 }

const iso = (instant: number | undefined) => (instant === undefined ? undefined : new Date(instant).toISOString())
const someOf = (values: readonly number[], most: number) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: most })
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

const pattern = fc.record({
  minute: fc.integer({ min: 0, max: 59 }),
  // Not those that a day skips or repeats: see cron-firings.test.ts.
  hours: fc.oneof(fc.constant<number[]>([0]), someOf([0, 1, ...range(4, 23)], 2)),
  daysOfMonth: fc.oneof(fc.constant('L' as const), someOf(range(28, 31), 3), someOf(range(1, 31), 4)),
  months: fc.option(fc.oneof(fc.constant<number[]>([2]), someOf(range(1, 12), 4)), { freq: 3 }),
  weekdays: fc.option(someOf(range(0, 6), 3), { freq: 2 }),
})

type Pattern = typeof pattern extends fc.Arbitrary<infer P> ? P : never

function expressionOf({ minute, hours, daysOfMonth, months, weekdays }: Pattern): string {
  const dates = daysOfMonth === 'L' ? 'L' : daysOfMonth.join()
  return `${minute} ${hours.join()} ${dates} ${months?.join() ?? '*'} ${weekdays?.join() ?? '*'}`
}

/** Either of the days is enough where both are restricted. */
function isMatch({ daysOfMonth, months, weekdays }: Pattern, day: Date): boolean {
  if (months !== null && !months.includes(day.getUTCMonth() + 1)) return false
  const isLast = new Date(day.getTime() + dayMs).getUTCDate() === 1
  const byDate = daysOfMonth === 'L' ? isLast : daysOfMonth.includes(day.getUTCDate())
  return byDate || weekdays?.includes(day.getUTCDay()) === true
}

/** How far the clocks of a zone are ahead of UTC, from what they show. */
function offsetAt(format: Intl.DateTimeFormat, instant: number): number {
  const [day = 0, month = 0, year = 0, hour = 0, minute = 0] = format.format(instant).split(/\D+/).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute) - instant
}

/** For each day and hour when its clocks show them: the clocks of these zones change between two and four. */
function scan(zone: string) {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  const offsets = new Map<number, { early: number; late: number }>()
  for (const day of days) {
    const noon = day.getTime() + dayMs / 2
    const offset = (noonUtc: number) => offsetAt(format, noonUtc - offsetAt(format, noonUtc))
    offsets.set(day.getTime(), { early: offset(noon - dayMs), late: offset(noon) })
  }
  return (wanted: Pattern): number[] =>
    days
      .filter((day) => isMatch(wanted, day))
      .flatMap((day) => {
        const { early = 0, late = 0 } = offsets.get(day.getTime()) ?? {}
        return wanted.hours.map((hour) => {
          const reading = day.getTime() + hour * 3_600_000 + wanted.minute * 60_000
          return reading - (hour < 2 ? early : late)
        })
      })
      .toSorted((one, other) => one - other)
}

describe.each(['UTC', 'Pacific/Auckland'])('in %s, for any days of month and months,', (zone) => {
  const expectedFirings = scan(zone)
  // A day less at both ends, where the days of the zone are not those of UTC.
  const from = firstDay + dayMs
  const to = firstDay + 730 * dayMs

  it('fires exactly on the days that match, or is refused where there is none', async () => {
    await fc.assert(
      fc.asyncProperty(pattern, async (wanted) => {
        const expected = expectedFirings(wanted).filter((firing) => firing > from && firing <= to)
        const found = firingsBetween(cron(expressionOf(wanted), { zone }), from, to, 10_000, context)
        if (expected.length === 0) await expect(found).rejects.toMatchObject({ code: 'REACH_SCHEDULE_NEVER' })
        else expect((await found).map(iso)).toEqual(expected.map(iso))
      }),
      { numRuns: 80, seed: 1 },
    )
  })

  it('answers the same from any instant: the first firing after it', async () => {
    await fc.assert(
      fc.asyncProperty(pattern, fc.integer({ min: from, max: to }), async (wanted, after) => {
        const expected = expectedFirings(wanted).find((firing) => firing > after)
        fc.pre(expected !== undefined)
        expect(iso(await nextFiring(cron(expressionOf(wanted), { zone }), after, context))).toBe(iso(expected))
      }),
      { numRuns: 100, seed: 2 },
    )
  })
})

// A year of every kind of schedule in five zones, on the virtual clock: each firing at its instant, once.
import { after, at, createReach, cron, every, firingsBetween, memoryStore, message } from '@reachkit/core'
import type { Schedule } from '@reachkit/core'
import { expect, it } from 'vitest'
import { everybody, signal } from './support/signals.js'
import { createWorld } from './support/world.js'

const report = message('report', { content: { lamp: { text: 'x' } } })
// Two that change their clocks in the north, one in the south by half an hour, and two that never do.
const zones = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Shanghai', 'Asia/Kathmandu']
const skipsAt230 = new Set(['America/New_York', 'Europe/Berlin'])
const dayMs = 86_400_000

const kinds: Readonly<Record<string, (zone: string) => Schedule>> = {
  // 02:30 is skipped in Berlin and New York once a year, and shown twice in Berlin.
  daily: (zone) => cron('30 2 * * *', { zone }),
  // 01:30 is shown twice in New York, and 01:45 in Lord Howe.
  early: (zone) => cron('45 1 * * 0', { zone }),
  monthly: (zone) => every({ amount: 1, unit: 'months' }, { zone, from: new Date('2026-08-31T12:00:00Z') }),
  weekly: (zone) => every({ amount: 1, unit: 'weeks' }, { zone }),
  local: (zone) => at('2026-10-25T02:30', { zone }),
}
const zoneless: Readonly<Record<string, Schedule>> = {
  interval: every('36h'),
  after: after('1.5h'),
  at: at(new Date('2027-02-28T23:59:59Z')),
}

/** The local times of a zone's days that are neither skipped nor shown twice, read from Intl in another way than the engine does. */
function readings(zone: string, instants: readonly number[]): readonly string[] {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  return instants.map((instant) => format.format(instant))
}

it('fires each at its instants, and nothing twice', { timeout: 120_000 }, async () => {
  const { base, open, clock } = createWorld()
  const begin = clock.now()
  const fired = new Map<string, number[]>()
  const lamp = signal('lamp', (request) => {
    const times = fired.get(request.recipient.id) ?? []
    fired.set(request.recipient.id, [...times, clock.now()])
    return { kind: 'sent' }
  })
  const store = memoryStore({ retention: '1h' })
  const reach = open(
    createReach({ ...base, store, messages: [report], channels: { lamp: lamp.channel }, directory: everybody }),
  )
  const plans = new Map<string, Schedule>(Object.entries(zoneless))
  for (const zone of zones) for (const [kind, of] of Object.entries(kinds)) plans.set(`${kind}-${zone}`, of(zone))
  for (const [id, schedule] of plans) await reach.tasks.create({ message: 'report', audience: [id], schedule })
  await clock.advance(366 * dayMs - 3_600_000)

  for (const [id, schedule] of plans) {
    const expected = await firingsBetween(schedule, begin - 1, clock.now(), 1_000, { createdAt: begin })
    const found = fired.get(id) ?? []
    const wrong = expected.filter((instant, index) => Math.abs((found[index] ?? 0) - instant) >= 1_000)
    expect({ id, count: found.length, wrong }).toEqual({ id, count: expected.length, wrong: [] })
  }
  for (const zone of zones) {
    const shown = readings(zone, fired.get(`daily-${zone}`) ?? [])
    const days = new Set(shown.map((text) => text.slice(0, 10)))
    // A skipped time fires when the gap ends.
    const others = shown.filter((text) => !text.endsWith('02:30')).map((text) => text.slice(-5))
    expect({ zone, days: days.size, others }).toEqual({
      zone,
      days: shown.length,
      others: skipsAt230.has(zone) ? ['03:00'] : [],
    })
  }
})

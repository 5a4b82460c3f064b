// Tasks at the local time of each recipient, on the virtual clock.
import { at, createReach, cron, memoryStore, message, sent } from '@reachkit/core'
import type { StoreParts } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { errorOf } from './support/error-of.js'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import { createWorld } from './support/world.js'

const hello = message('hello', { content: { lamp: { text: 'x' } } })
const minuteMs = 60_000

/** One zone for each whole hour from UTC, half an hour and a quarter among them. */
const zones = [
  'Pacific/Kiritimati',
  'Pacific/Apia',
  'Pacific/Auckland',
  'Pacific/Guadalcanal',
  'Australia/Lord_Howe',
  'Asia/Tokyo',
  'Asia/Shanghai',
  'Asia/Bangkok',
  'Asia/Dhaka',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Tashkent',
  'Asia/Dubai',
  'Europe/Moscow',
  'Africa/Cairo',
  'Europe/Berlin',
  'Europe/London',
  'Atlantic/Azores',
  'America/Sao_Paulo',
  'America/Halifax',
  'America/New_York',
  'America/Chicago',
  'America/Los_Angeles',
  'Pacific/Pago_Pago',
]

async function setUp() {
  const world = createWorld()
  const parts: StoreParts = await memoryStore({ retention: '30d' }).open(world.base)
  const sentAt = new Map<string, number[]>()
  const lamp = signal('lamp', ({ to }) => {
    sentAt.set(to, [...(sentAt.get(to) ?? []), world.clock.now()])
    return sent()
  })
  const engine = () =>
    world.open(
      createReach({
        ...world.base,
        store: sharedStore(parts),
        messages: [hello],
        channels: { lamp: lamp.channel },
        // Each id is its zone; one has none, and one a zone that nobody knows.
        directory: async (ids) =>
          ids.map((id) => ({ id, addresses: { lamp: id }, ...(id !== 'nowhere' && { zone: id.replace('#', '') }) })),
      }),
    )
  return { ...world, parts, lamp, sentAt, engine }
}

/** What the clock on the wall shows, from Intl. */
function shown(zone: string, instant: number): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  return format.format(instant)
}

describe('a task at the local time of its recipients', () => {
  it('reaches each zone within its minute, and who has none by the fallback', async () => {
    const { engine, clock, lamp } = await setUp()
    const times = new Map<string, string>()
    const reach = engine()
    const audience = [...zones, 'nowhere', 'Mars/Olympus#']
    const task = await reach.tasks.create({
      message: 'hello',
      audience,
      schedule: at('2026-06-03T10:00', { zone: 'recipient' }),
      fallbackZone: 'Asia/Shanghai',
    })
    for (let minutes = 0; minutes < 4 * 24 * 60; minutes += 1) {
      const before = lamp.requests.length
      await clock.advance(minuteMs)
      for (const { to } of lamp.requests.slice(before))
        times.set(to, shown(zones.includes(to) ? to : 'Asia/Shanghai', clock.now()))
    }
    expect(lamp.requests).toHaveLength(audience.length)
    const late = audience.filter((one) => !/^2026-06-03 10:0[01]/.test(times.get(one) ?? ''))
    expect(late).toEqual([])
    const report = await task.report()
    expect(report).toMatchObject({ state: 'done', read: audience.length, messages: { sent: audience.length } })
    expect(report.runs).toHaveLength(zones.length + 1)
  })

  it('fires once in each zone, however often its hour is changed there and back', async () => {
    const { engine, clock, lamp, sentAt } = await setUp()
    const reach = engine()
    const ten = cron('0 10 * * *', { zone: 'recipient' })
    const eleven = cron('0 11 * * *', { zone: 'recipient' })
    const task = await reach.tasks.create({
      message: 'hello',
      audience: zones,
      schedule: ten,
      until: new Date('2026-06-03T23:00Z'),
    })
    // The first zones have had ten o'clock by then, the last ones have not.
    await clock.advance('9h')
    await task.edit({ schedule: eleven })
    await clock.advance('30m')
    await task.edit({ schedule: ten })
    await clock.advance('4d')
    const each = [...sentAt].flatMap(([zone, instants]) => instants.map((instant) => `${zone} ${shown(zone, instant)}`))
    const days = each.map((text) => text.slice(0, -9))
    // Once a day.
    expect(new Set(days).size).toBe(days.length)
    expect(new Set(lamp.requests.map(({ to }) => to))).toEqual(new Set(zones))
    expect(each.filter((text) => !/1[01]:00:0\d$/.test(text))).toEqual([])
    expect((await task.get()).state).toBe('done')
  })
})

describe('a task at a time of one zone', () => {
  it('fires once where it is changed from ten to eleven and back', async () => {
    const { engine, clock, lamp } = await setUp()
    const reach = engine()
    const zone = 'Europe/Berlin'
    const at10 = at('2026-06-02T10:00', { zone })
    const task = await reach.tasks.create({ message: 'hello', audience: ['Asia/Tokyo'], schedule: at10 })
    await clock.advance('6h')
    await task.edit({ schedule: at('2026-06-02T11:00', { zone }) })
    await clock.advance('1h')
    await task.edit({ schedule: at10 })
    await clock.advance('2d')
    expect(lamp.requests).toHaveLength(1)
    expect((await task.report()).runs.map(({ key }) => key)).toEqual(['2026-06-02T10:00:00 Europe/Berlin'])
  })

  it('does not fire anew for an hour that it had, once it is changed back to it', async () => {
    const { engine, clock, lamp } = await setUp()
    const reach = engine()
    const ten = cron('0 10 * * *', { zone: 'UTC' })
    const task = await reach.tasks.create({ message: 'hello', audience: ['Asia/Tokyo'], schedule: ten })
    await clock.advance('22h')
    expect(lamp.requests).toHaveLength(1)
    await task.edit({ schedule: cron('30 9 * * *', { zone: 'UTC' }) })
    await task.edit({ schedule: ten })
    await clock.advance('1h')
    expect(lamp.requests).toHaveLength(1)
  })
})

describe('a schedule that is past', () => {
  it('is refused', async () => {
    const { engine } = await setUp()
    const reach = engine()
    const create = (schedule: Parameters<typeof reach.tasks.create>[0]['schedule']) => () =>
      reach.tasks.create({ message: 'hello', audience: zones, schedule })
    for (const past of [at(new Date('2026-06-01T11:00Z')), at('2026-05-30T10:00', { zone: 'recipient' })])
      expect(await errorOf(create(past))).toMatchObject({ code: 'REACH_SCHEDULE_PAST' })
    const ended = {
      message: 'hello',
      audience: zones,
      schedule: cron('0 10 * * *'),
      until: new Date('2026-06-01T13:00Z'),
    } as const
    expect(await errorOf(() => reach.tasks.create(ended))).toMatchObject({ code: 'REACH_SCHEDULE_PAST' })
    expect(await errorOf(create(cron('0 * * * *', { zone: 'recipient' })))).toMatchObject({
      code: 'REACH_SCHEDULE_INVALID',
    })
  })
})

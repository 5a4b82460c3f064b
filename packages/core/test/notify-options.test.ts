import { createReach, firstOf, message, receivers } from '@reachkit/core'
import type { Directory } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errorOf } from './support/error-of.js'
import { everybody, signal, untyped } from './support/signals.js'
import type { Answer } from './support/signals.js'
import { createWorld } from './support/world.js'

function setUp(options: { answer?: Answer; directory?: Directory; sandbox?: boolean; allow?: readonly string[] } = {}) {
  const world = createWorld()
  const { answer, ...rest } = options
  const lamp = signal('lamp', answer)
  const horn = signal('horn')
  const note = message('note', {
    data: z.object({ text: z.string().default('none'), code: z.string().optional() }),
    content: { lamp: { text: '{{ text }}' }, horn: { text: '{{ text }}' } },
    category: 'notes',
    route: firstOf('lamp', 'horn'),
  })
  const once = message('once', {
    data: z.object({ code: z.string() }),
    dedupe: ({ code }) => code,
    content: { lamp: { text: 'x' } },
  })
  const otp = message('otp', { category: 'otp', content: { lamp: { text: 'x' } } })
  const reach = world.open(
    createReach({
      ...world.base,
      messages: [note, once, otp],
      channels: { lamp: lamp.channel, horn: horn.channel },
      directory: everybody,
      ...rest,
    }),
  )
  return { ...world, reach, lamp: lamp.requests, horn: horn.requests }
}

describe('When', () => {
  it('at and after: not before, and soon after; an instant that has passed is now.', async () => {
    const { reach, clock, lamp } = setUp()
    const at = new Date(clock.now() + 3_600_000)
    await reach.notify('note', 'at', {}, { at })
    await reach.notify('note', 'after', {}, { after: '30m' })
    await reach.notify('note', 'past', {}, { at: new Date(0) })
    const names = () => lamp.map(({ recipient }) => recipient.id)
    await clock.advance(1_799_999)
    expect(names()).toEqual(['past'])
    await clock.advance(1_000)
    expect(names()).toEqual(['past', 'after'])
    await clock.advance('30m')
    expect(names()).toEqual(['past', 'after', 'at'])
  })

  it('A message for years ahead waits without a hot timer, and is sent.', async () => {
    const { reach, clock, lamp } = setUp()
    const delays: number[] = []
    const setTimer = clock.setTimer.bind(clock)
    clock.setTimer = (delayMs, callback) => {
      delays.push(delayMs)
      return setTimer(delayMs, callback)
    }
    await reach.notify('note', 'u1', {}, { at: new Date(clock.now() + 90 * 86_400_000) })
    await clock.advance('10s')
    expect(delays.length).toBeLessThan(30)
    // With a longer delay, setTimeout would fire at once, again and again.
    expect(Math.max(...delays)).toBeLessThan(2 ** 31)
    expect(Math.max(...delays)).toBeGreaterThan(2 ** 30)
    expect(lamp).toEqual([])
  })

  it('A clock that is set on is noticed within a few seconds.', async () => {
    const { reach, clock, lamp } = setUp()
    await reach.notify('note', 'now', {})
    await reach.notify('note', 'later', {}, { after: '1h' })
    clock.skew(3_600_000)
    await clock.advance('5s')
    expect(lamp.length).toBe(2)
  })
})

describe('What', () => {
  it('Data is what the schema answers, as it was when notify was called.', async () => {
    const { reach, clock, lamp } = setUp()
    const data = { text: 'as given' }
    const { id } = await reach.notify('note', 'u1', data, { after: '1m' })
    data.text = 'changed since'
    await reach.notify('note', 'u2')
    await clock.advance('2m')
    expect(lamp.map(({ content }) => content.text).toSorted()).toEqual(['as given', 'none'])
    expect(await reach.get(id)).toMatchObject({ data: { text: 'as given' } })
  })

  it('priority, group, tenant and labels are kept; a one-time password is urgent and short-lived.', async () => {
    const { reach, clock, lamp } = setUp()
    const { id } = await reach.notify('note', 'u1', {}, { priority: 'P3', group: 'spring', tenant: 'acme' })
    expect(await reach.get(id)).toMatchObject({
      priority: 'P3',
      tenant: 'acme',
      labels: { category: 'notes', group: 'spring' },
    })
    const otp = await reach.get((await reach.notify('otp', 'u1')).id)
    expect(otp).toMatchObject({ priority: 'P0' })
    expect((otp?.expires?.getTime() ?? 0) - clock.now()).toBe(5 * 60_000)
    await clock.advance(1)
    expect(lamp.find(({ tenant }) => tenant === 'acme')).toMatchObject({
      lane: 'P3',
      type: 'note',
      purpose: 'transactional',
    })
  })

  it('sandbox does everything but send, by call or for all.', async () => {
    const one = setUp()
    expect(await one.until((await one.reach.notify('note', 'u1', {}, { sandbox: true })).settled())).toMatchObject({
      outcome: 'sent',
    })
    expect(one.lamp).toEqual([])
    const whole = setUp({ sandbox: true })
    expect(await whole.until((await whole.reach.notify('note', 'u1', {})).settled())).toMatchObject({ outcome: 'sent' })
    await whole.until((await whole.reach.notify('note', 'u1', {}, { sandbox: false })).settled())
    expect(whole.lamp).toEqual([])
  })

  it('allow lets test recipients through, by id or pattern of an address, and nobody else.', async () => {
    const { reach, clock, lamp } = setUp({ allow: ['tester', '*@example.com'] })
    const all = await reach.notify(
      'note',
      ['tester', 'stranger', { lamp: 'ann@example.com' }, { lamp: 'ann@example.com.evil' }],
      {},
    )
    await clock.advance('1s')
    const views = await Promise.all(all.ids.map((id) => reach.get(id)))
    expect(views.map((view) => view?.outcome ?? view?.state)).toEqual(['sent', 'rejected', 'sent', 'rejected'])
    expect(views[1]?.reason?.code).toBe('not-allowed')
    expect(lamp.length).toBe(2)
  })
})

describe('To whom', () => {
  it('Several recipients, by id and inline, get one message each, in order.', async () => {
    const { reach, clock, lamp } = setUp()
    const answer = await reach.notify('note', ['u1', { lamp: 'l2', locale: 'de' }, { id: 'u3', lamp: 'own lamp' }], {})
    expect(answer.ids.length).toBe(3)
    expect(answer.id).toBe(answer.ids[0])
    expect(answer.each?.map(({ id }) => id)).toEqual(answer.ids)
    await clock.advance('1s')
    expect(lamp.map(({ to }) => to).toSorted()).toEqual(['l2', 'lamp of u1', 'own lamp'])
    expect(lamp.find(({ to }) => to === 'l2')?.recipient.locale).toBe('de')
    expect(await reach.get(answer.ids[2] ?? '')).toMatchObject({ recipient: { id: 'u3', lamp: 'own lamp' } })
    expect(await reach.get(answer.ids[1] ?? '')).toMatchObject({ recipient: { lamp: 'l2', locale: 'de' } })
  })

  it('With an id, addresses given inline come before those of the directory, which has the others.', async () => {
    const { reach, clock, horn } = setUp({ answer: () => ({ kind: 'rejected', reason: 'no', invalidAddress: false }) })
    await reach.notify('note', { id: 'u1', lamp: 'own lamp' }, {})
    await clock.advance('1s')
    expect(horn.map(({ to }) => to)).toEqual(['horn of u1'])
  })

  it('receivers are those that were set, groups by their members, each person once.', async () => {
    const { reach, clock, lamp } = setUp({
      directory: { ...everybody, members: async (groups) => (groups.includes('night') ? ['ann', 'bob'] : []) },
    })
    await reach.receivers.set('note', ['ann', '@night', 'cem'])
    expect(await reach.receivers.get('note')).toEqual(['ann', '@night', 'cem'])
    const { ids } = await reach.notify('note', receivers, {})
    await clock.advance('1s')
    expect(ids.length).toBe(3)
    expect(lamp.map(({ recipient }) => recipient.id).toSorted()).toEqual(['ann', 'bob', 'cem'])
    expect((await errorOf(() => reach.receivers.set('note', untyped(['', 7])))).code).toBe('REACH_OPTION_INVALID')
    expect((await errorOf(() => reach.receivers.set(untyped<'note'>('nota'), []))).code).toBe('REACH_MESSAGE_UNKNOWN')
  })
})

describe('Once', () => {
  it('Concurrent calls with one key are one message; the first data wins.', async () => {
    const { reach, clock, lamp } = setUp()
    const calls = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        reach.notify('note', 'u1', { text: `text ${index}` }, { idempotencyKey: 'k' }),
      ),
    )
    expect(new Set(calls.map(({ id }) => id)).size).toBe(1)
    expect(calls.filter(({ deduplicated }) => !deduplicated).length).toBe(1)
    await clock.advance('1s')
    expect(lamp.map(({ content }) => content.text)).toEqual(['text 0'])
    const later = await reach.notify('note', 'u1', {}, { idempotencyKey: 'k' })
    expect([later.id, later.deduplicated]).toEqual([calls[0]?.id, true])
    expect(await later.settled()).toMatchObject({ outcome: 'sent' })
  })

  it('Another type, recipient, key or tenant is another message.', async () => {
    const { reach } = setUp()
    const key = { idempotencyKey: 'k' }
    const answers = [
      await reach.notify('note', 'u1', {}, key),
      await reach.notify('note', 'u2', {}, key),
      await reach.notify('note', 'u1', {}, { idempotencyKey: 'l' }),
      await reach.notify('note', 'u1', {}, { ...key, tenant: 'acme' }),
      await reach.notify('once', 'u1', { code: 'k' }),
    ]
    expect(answers.map(({ deduplicated }) => deduplicated)).toEqual([false, false, false, false, false])
    expect((await reach.notify('note', 'u1', {}, { ...key, tenant: 'acme' })).deduplicated).toBe(true)
  })

  it("A type's own key is derived from the data; a caller's key comes before it.", async () => {
    const { reach } = setUp()
    const first = await reach.notify('once', 'u1', { code: 'a' })
    expect(await reach.notify('once', 'u1', { code: 'a' })).toMatchObject({ id: first.id, deduplicated: true })
    expect(await reach.notify('once', 'u1', { code: 'a' }, { idempotencyKey: 'own' })).toMatchObject({
      deduplicated: false,
    })
  })

  it('The same person twice in one list gets it once where there is a key, and twice where there is none.', async () => {
    const { reach, clock, lamp } = setUp()
    const keyed = await reach.notify('once', ['u1', 'u1', 'u2'], { code: 'a' })
    expect(keyed.each?.map(({ deduplicated }) => deduplicated)).toEqual([false, true, false])
    expect(keyed.ids[0]).toBe(keyed.ids[1])
    expect(keyed.deduplicated).toBe(false)
    await reach.notify('note', ['u3', 'u3'], {})
    await clock.advance('1s')
    expect(lamp.length).toBe(4)
  })

  it('A key is known for the window, and forgotten within twice that.', async () => {
    const { reach, clock, until } = setUp()
    const first = await reach.notify('once', 'u1', { code: 'a' })
    await clock.advance('1s')
    await clock.advance(24 * 3_600_000 - 2_000)
    const again = await reach.notify('once', 'u1', { code: 'a' })
    expect(again).toMatchObject({ id: first.id, deduplicated: true })
    // Its retention has passed, so nobody can say how it ended: that is an answer, not a wait without end.
    expect((await errorOf(async () => until(again.settled()))).code).toBe('REACH_MESSAGE_NOT_FOUND')
    await clock.advance(24 * 3_600_000)
    expect(await reach.notify('once', 'u1', { code: 'a' })).toMatchObject({ deduplicated: false })
  })

  it('A message that waits keeps its key however long.', async () => {
    const { reach, clock } = setUp()
    const first = await reach.notify('once', 'u1', { code: 'a' }, { after: '5d' })
    await clock.advance('4d')
    expect(await reach.notify('once', 'u1', { code: 'a' })).toMatchObject({ id: first.id, deduplicated: true })
  }, 20_000)
})

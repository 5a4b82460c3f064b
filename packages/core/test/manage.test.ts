import { createReach, firstOf, message, pass, rejected, retry, sent, unknown } from '@reachkit/core'
import type { ConsumingGate, Gate, Verdict } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errorOf } from './support/error-of.js'
import { everybody, signal, untyped } from './support/signals.js'
import type { Answer } from './support/signals.js'
import { createWorld } from './support/world.js'

function setUp(answer: Answer = () => sent(), gates: readonly Gate[] = []) {
  const world = createWorld()
  const lamp = signal('lamp', answer)
  const horn = signal('horn')
  const note = message('note', {
    data: z.object({ text: z.string() }),
    content: { lamp: { text: '{{ text }}' }, horn: { text: 'x' } },
    category: 'notes',
    route: firstOf('lamp', 'horn'),
  })
  const sale = message('sale', { content: { horn: { text: 'x' } }, category: 'offers', priority: 'P3', ttl: '1h' })
  const channels = { lamp: lamp.channel, horn: horn.channel }
  const reach = world.open(
    createReach({ ...world.base, messages: [note, sale], channels, directory: everybody, gates }),
  )
  return { ...world, reach, lamp: lamp.requests, horn: horn.requests }
}

describe('cancel', () => {
  it('stops a message that waits; it says what it could not stop.', async () => {
    const { reach, clock, lamp, until } = setUp()
    const { id, settled } = await reach.notify('note', 'u1', { text: 'x' }, { after: '1h' })
    const done = settled()
    expect(await reach.cancel(id)).toBe('cancelled')
    expect(await until(done)).toMatchObject({ state: 'done', outcome: 'cancelled' })
    expect(await reach.cancel(id)).toBe('cancelled')
    await clock.advance('2h')
    expect(lamp).toEqual([])
    const other = await reach.notify('note', 'u1', { text: 'x' })
    await clock.advance('1s')
    expect([await reach.cancel(other.id), await reach.cancel('no-such.0'), await reach.cancel('rubbish')]).toEqual([
      'done',
      'absent',
      'absent',
    ])
  })

  it('is too late while the message is being sent, or held.', async () => {
    const { reach, clock } = setUp(
      (_request, { clock: time }) => new Promise((resolve) => time.setTimer(1_000, () => resolve(unknown()))),
    )
    const { id } = await reach.notify('note', 'u1', { text: 'x' })
    await clock.advance(1)
    expect(await reach.cancel(id)).toBe('too-late')
    await clock.advance('2s')
    expect(await reach.get(id)).toMatchObject({ state: 'held' })
    expect(await reach.cancel(id)).toBe('too-late')
  })

  it('stops the retries.', async () => {
    const { reach, clock, lamp } = setUp(() => retry(10_000))
    const { id } = await reach.notify('note', 'u1', { text: 'x' })
    await clock.advance('1s')
    expect(await reach.cancel(id)).toBe('cancelled')
    await clock.advance('1m')
    expect(lamp.length).toBe(1)
  })
})

describe('change', () => {
  it('gives new data and a new time, checked like those of notify.', async () => {
    const { reach, clock, lamp } = setUp()
    const { id } = await reach.notify('note', 'u1', { text: 'old' }, { after: '1h' })
    await reach.change(id, { data: { text: 'new' } })
    await reach.change(id, { after: '10m' })
    expect(await reach.get(id)).toMatchObject({ step: 2, data: { text: 'new' }, reason: { code: 'rescheduled' } })
    await clock.advance('11m')
    expect(lamp.map(({ content }) => content.text)).toEqual(['new'])
    await clock.advance('55m')
    expect(lamp.length).toBe(1)
    expect((await errorOf(() => reach.change(id, { after: '1m' }))).code).toBe('REACH_MESSAGE_CONFLICT')
    expect((await errorOf(() => reach.change('no-such.0', {}))).code).toBe('REACH_MESSAGE_NOT_FOUND')
  })

  it('refuses wrong data.', async () => {
    const { reach } = setUp()
    const { id } = await reach.notify('note', 'u1', { text: 'old' }, { after: '1h' })
    expect((await errorOf(() => reach.change(id, { data: { text: 7 } }))).code).toBe('REACH_DATA_INVALID')
    expect(await reach.get(id)).toMatchObject({ step: 0, data: { text: 'old' } })
  })

  it('Many changes and a cancel at once: each is taken or refused, and the message ends once.', async () => {
    const { reach, clock, lamp } = setUp()
    const { id } = await reach.notify('note', 'u1', { text: 'x' }, { after: '1s' })
    const changes = Array.from({ length: 10 }, async (_, index) =>
      reach.change(id, { after: `${index + 1}s` }).then(
        () => 'changed',
        () => 'refused',
      ),
    )
    const answers = await Promise.all([...changes, reach.cancel(id)])
    const cancelled = answers.at(-1) === 'cancelled'
    await clock.advance('1m')
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: cancelled ? 'cancelled' : 'sent' })
    expect(lamp.length).toBe(cancelled ? 0 : 1)
  })
})

describe('resend', () => {
  it('sends what is done, or held, once more from the start of its route.', async () => {
    const answers = [rejected('no'), unknown(), sent()]
    const { reach, clock, lamp, horn } = setUp((_request, _context, index) => answers[index] ?? sent())
    const { id } = await reach.notify('note', 'u1', { text: 'x' })
    await clock.advance('1s')
    expect([lamp.length, horn.length]).toEqual([1, 1])
    await reach.resend(id)
    await clock.advance('1s')
    expect(await reach.get(id)).toMatchObject({ state: 'held' })
    await reach.resend(id)
    await clock.advance('1s')
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
    expect(lamp.map(({ attempt }) => attempt)).toEqual([1, 1, 1])
  })

  it('refuses what waits or is unknown.', async () => {
    const { reach } = setUp()
    const { id } = await reach.notify('note', 'u1', { text: 'x' }, { after: '1h' })
    expect((await errorOf(() => reach.resend(id))).code).toBe('REACH_MESSAGE_CONFLICT')
    expect((await errorOf(() => reach.resend('no-such.0'))).code).toBe('REACH_MESSAGE_NOT_FOUND')
  })
})

describe('list, get and timeline', () => {
  it('Every filter finds what fits it, newest first, page by page.', async () => {
    const { reach, clock } = setUp((request) => (request.recipient.id === 'u2' ? unknown() : sent()))
    const started = clock.now()
    const one = await reach.notify('note', 'u1', { text: 'x' }, { group: 'spring' })
    await clock.advance('1m')
    const two = await reach.notify('note', 'u2', { text: 'x' }, { tenant: 'acme', priority: 'P1' })
    const three = await reach.notify('sale', 'u3')
    const four = await reach.notify('sale', 'u1', undefined, { after: '1h' })
    await clock.advance('1m')
    const ids = async (filter: Parameters<typeof reach.list>[0]) => (await reach.list(filter)).rows.map(({ id }) => id)
    expect(await ids({})).toEqual([four.id, three.id, two.id, one.id])
    expect(await ids({ type: 'sale' })).toEqual([four.id, three.id])
    expect(await ids({ category: 'notes' })).toEqual([two.id, one.id])
    expect(await ids({ recipient: 'u1' })).toEqual([four.id, one.id])
    expect(await ids({ tenant: 'acme' })).toEqual([two.id])
    expect(await ids({ group: 'spring' })).toEqual([one.id])
    expect(await ids({ priority: 'P3' })).toEqual([four.id, three.id])
    expect(await ids({ channel: 'lamp' })).toEqual([two.id, one.id])
    expect(await ids({ state: 'held' })).toEqual([two.id])
    expect(await ids({ state: 'waiting' })).toEqual([four.id])
    expect(await ids({ outcome: 'sent' })).toEqual([three.id, one.id])
    expect(await ids({ ids: [one.id, three.id] })).toEqual([three.id, one.id])
    expect(await ids({ from: new Date(started + 1) })).toEqual([four.id, three.id, two.id])
    expect(await ids({ to: new Date(started + 1) })).toEqual([one.id])
    expect(await ids({ type: 'note', tenant: 'default' })).toEqual([one.id])
    const page = await reach.list({}, { limit: 3 })
    expect(page.rows.length).toBe(3)
    const rest = await reach.list({}, { limit: 3, ...(page.next !== undefined && { after: page.next }) })
    expect([rest.rows.map(({ id }) => id), rest.next]).toEqual([[one.id], undefined])
  })

  it('A timeline is of a message, or of everything of one recipient.', async () => {
    const { reach, clock } = setUp()
    const one = await reach.notify('note', 'u1', { text: 'x' })
    await clock.advance('1s')
    const two = await reach.notify('sale', 'u1')
    await reach.notify('sale', 'u2')
    await clock.advance('1s')
    const of = await reach.timeline({ recipient: 'u1' })
    expect(of.map(({ id, kind }) => [id, kind])).toEqual(
      [one.id, two.id].flatMap((id) => ['accepted', 'sent', 'done'].map((kind) => [id, kind])),
    )
    expect(of[0]?.at).toBeInstanceOf(Date)
    expect((await reach.timeline({ recipient: 'u1', limit: 2 })).map(({ kind }) => kind)).toEqual(['sent', 'done'])
    expect(await reach.timeline({ recipient: 'u1', tenant: 'other' })).toEqual([])
    expect([await reach.get('no-such.0'), await reach.timeline('no-such.0')]).toEqual([undefined, []])
  })
})

describe('explain', () => {
  const check = (phase: Gate['phase'], verdict: Verdict): Gate => ({
    specVersion: 1,
    name: `${phase} rule`,
    phase,
    check: (items) => items.map(() => verdict),
  })

  it('shows every gate and the channel, and neither sends, stores nor takes.', async () => {
    let taken = 0
    const budget: ConsumingGate = {
      ...check('delivery', pass),
      name: 'budget',
      take: (items) => {
        taken += 1
        return items.map(() => pass)
      },
      confirm: () => {},
      release: () => {},
    }
    const { reach, clock, lamp } = setUp(() => sent(), [check('message', pass), budget])
    const explanation = await reach.explain('note', 'u1', { text: 'x' })
    await clock.advance('10s')
    expect(explanation).toMatchObject({ verdict: 'send', channels: ['lamp'] })
    expect(explanation.decisions.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['message rule', 'pass'],
      ['budget', 'pass'],
      ['content', 'pass'],
    ])
    expect([taken, lamp.length, (await reach.list()).rows.length]).toEqual([0, 0, 0])
  })

  it('says why not: a gate, a missing address, a deferral, a schedule.', async () => {
    const refused = setUp(() => sent(), [check('message', { kind: 'reject', reason: { code: 'opted-out' } })])
    expect(await refused.reach.explain('note', 'u1', { text: 'x' })).toMatchObject({
      verdict: 'reject',
      reason: { code: 'opted-out' },
    })
    const { reach, clock } = setUp()
    expect(await reach.explain('note', { horn: 'h1' }, { text: 'x' })).toMatchObject({
      verdict: 'send',
      channels: ['horn'],
    })
    expect(await reach.explain('sale', { lamp: 'l1' })).toMatchObject({
      verdict: 'reject',
      reason: { code: 'address-missing' },
    })
    const later = await reach.explain('note', 'u1', { text: 'x' }, { after: '1h' })
    expect(later.decisions[0]).toMatchObject({
      name: 'schedule',
      verdict: 'defer',
      until: new Date(clock.now() + 3_600_000),
    })
    const quiet = setUp(
      () => sent(),
      [check('delivery', { kind: 'defer', until: Date.UTC(2027, 0), reason: { code: 'quiet' } })],
    )
    expect(await quiet.reach.explain('note', 'u1', { text: 'x' })).toMatchObject({
      verdict: 'defer',
      reason: { code: 'quiet' },
    })
    expect((await errorOf(() => reach.explain('note', 'u1', untyped({ text: 7 })))).code).toBe('REACH_DATA_INVALID')
  })
})

import { all, createReach, firstOf, message, rejected, retry, sent, split, unknown } from '@reachkit/core'
import type { DeliveryOutcome, Route } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { everybody, signal } from './support/signals.js'
import type { Answer, SignalName, SignalOptions } from './support/signals.js'
import { createWorld } from './support/world.js'

type Answers = readonly (DeliveryOutcome | Answer)[] | Answer

/** One type by this route, over three channels that answer as told and send otherwise. */
function setUp(
  route: Route<SignalName>,
  answers: Partial<Record<SignalName, Answers>> = {},
  ttl?: '1m',
  options: Partial<Record<SignalName, SignalOptions>> = {},
) {
  const world = createWorld()
  const channels = {
    lamp: signal('lamp', answers.lamp, options.lamp),
    horn: signal('horn', answers.horn, options.horn),
    drum: signal('drum', answers.drum, options.drum),
  }
  const content = { lamp: { text: 'x' }, horn: { text: 'x' }, drum: { text: 'x' } }
  const alarm = message('alarm', { content, route, retry: { attempts: 3 }, ...(ttl && { ttl }) })
  const reach = world.open(
    createReach({
      ...world.base,
      messages: [alarm],
      channels: { lamp: channels.lamp.channel, horn: channels.horn.channel, drum: channels.drum.channel },
      directory: everybody,
    }),
  )
  const counts = () => [channels.lamp, channels.horn, channels.drum].map(({ requests }) => requests.length)
  return { ...world, reach, counts, send: async () => reach.notify('alarm', 'u1') }
}

const no = (): DeliveryOutcome => rejected('no')
const never: Answer = () => new Promise(() => {})

describe('all', () => {
  it('is sent when every leg is.', async () => {
    const { send, until, counts } = setUp(all('lamp', 'horn', 'drum'))
    expect(await until((await send()).settled())).toMatchObject({ outcome: 'sent' })
    expect(counts()).toEqual([1, 1, 1])
  })

  it('is partly sent when some are, and rejected when none is.', async () => {
    const some = setUp(all('lamp', 'horn'), { horn: no })
    expect(await some.until((await some.send()).settled())).toMatchObject({
      outcome: 'partly-sent',
      reason: { code: 'provider-rejected' },
    })
    const none = setUp(all('lamp', 'horn'), { lamp: no, horn: no })
    expect(await none.until((await none.send()).settled())).toMatchObject({ outcome: 'rejected' })
  })

  it('sends a leg once, however often another one is tried.', async () => {
    const { send, until, counts } = setUp(all('lamp', 'horn'), { horn: [retry(), retry()] })
    expect(await until((await send()).settled())).toMatchObject({ outcome: 'sent' })
    expect(counts()).toEqual([1, 3, 0])
  })

  it('is held when a leg is and the others are done.', async () => {
    const { send, until, counts } = setUp(all('lamp', 'horn'), { lamp: () => unknown(), horn: [retry()] })
    expect(await until((await send()).settled())).toMatchObject({ state: 'held' })
    expect(counts()).toEqual([1, 2, 0])
  })

  it('An answer after the deadline does not start a leg a second time that is still in the air.', async () => {
    const after =
      (ms: number): Answer =>
      (_request, { clock }) =>
        new Promise((resolve) => clock.setTimer(ms, () => resolve(sent())))
    const options = { lamp: { capabilities: { timeoutMs: 1_000 } } }
    const { send, clock, counts, reach } = setUp(
      all('lamp', 'horn'),
      { lamp: after(5_000), horn: after(20_000) },
      undefined,
      options,
    )
    const { id } = await send()
    await clock.advance('2m')
    expect(counts()).toEqual([1, 1, 0])
    expect(await reach.get(id)).toMatchObject({ outcome: 'sent' })
  })
})

describe('firstOf', () => {
  it('stops at the first leg that is sent.', async () => {
    const { send, until, counts } = setUp(firstOf('lamp', 'horn', 'drum'), { lamp: no })
    expect(await until((await send()).settled())).toMatchObject({ outcome: 'sent' })
    expect(counts()).toEqual([1, 1, 0])
  })

  it('does not go on while a leg may still be sent, or may have been.', async () => {
    const waits = setUp(firstOf('lamp', 'horn'), { lamp: [retry(60_000)] })
    await waits.send()
    await waits.clock.advance('59s')
    expect(waits.counts()).toEqual([1, 0, 0])
    const held = setUp(firstOf('lamp', 'horn'), { lamp: () => unknown() })
    expect(await held.until((await held.send()).settled())).toMatchObject({ state: 'held' })
    expect(held.counts()).toEqual([1, 0, 0])
  })

  it('is rejected when every leg is, with a reason.', async () => {
    const { send, until } = setUp(firstOf('lamp', 'horn'), { lamp: no, horn: no })
    expect(await until((await send()).settled())).toMatchObject({
      outcome: 'rejected',
      reason: { code: 'provider-rejected' },
    })
  })

  it('passes over a leg without an address.', async () => {
    const { reach, until, counts } = setUp(firstOf('lamp', 'horn'))
    expect(await until((await reach.notify('alarm', { horn: 'h1' })).settled())).toMatchObject({ outcome: 'sent' })
    expect(counts()).toEqual([0, 1, 0])
  })
})

describe('Nested routes', () => {
  it('all(lamp, firstOf(horn, drum)) sends the lamp and one of the others.', async () => {
    const { send, until, counts } = setUp(all('lamp', firstOf('horn', 'drum')), { horn: no })
    expect(await until((await send()).settled())).toMatchObject({ outcome: 'sent' })
    expect(counts()).toEqual([1, 1, 1])
  })

  it('firstOf(all(lamp, horn), drum) counts a leg that is partly sent as sent.', async () => {
    const { send, until, counts } = setUp(firstOf(all('lamp', 'horn'), 'drum'), { horn: no })
    expect((await until((await send()).settled())).state).toBe('done')
    expect(counts()).toEqual([1, 1, 0])
  })
})

describe('split', () => {
  it('chooses one by weight, and another where that fails.', async () => {
    const { send, until, counts } = setUp(split(['lamp', 1], ['horn', 0]), { lamp: no })
    expect(await until((await send()).settled())).toMatchObject({ outcome: 'sent' })
    expect(counts()).toEqual([1, 1, 0])
  })

  it('keeps its choice through retries.', async () => {
    for (let seed = 0; seed < 8; seed += 1) {
      const { send, until, counts } = setUp(split(['lamp', 1], ['horn', 1]), {
        lamp: [retry(), retry()],
        horn: [retry(), retry()],
      })
      await until((await send()).settled())
      expect(counts().toSorted((a, b) => a - b)).toEqual([0, 0, 3])
    }
  })

  it('is as even as its weights; sticky by recipient it is the same each time.', async () => {
    const free = setUp(split(['lamp', 1], ['horn', 1]))
    const sticky = setUp(split(['lamp', 1], ['horn', 1]).stickyBy('recipient'))
    for (let index = 0; index < 100; index += 1) {
      await free.send()
      await sticky.send()
    }
    await free.clock.advance('1s')
    await sticky.clock.advance('1s')
    expect(Math.min(...free.counts().slice(0, 2))).toBeGreaterThan(25)
    expect(sticky.counts().toSorted((a, b) => a - b)).toEqual([0, 0, 100])
  })
})

describe("unless('delivered', { within })", () => {
  const route = () => firstOf('lamp', 'horn').unless('delivered', { within: '10m' })

  it('goes on where no receipt comes in time.', async () => {
    const { send, clock, counts, reach } = setUp(route())
    const { id } = await send()
    await clock.advance('9m')
    expect(counts()).toEqual([1, 0, 0])
    expect(await reach.get(id)).toMatchObject({ state: 'waiting', reason: { code: 'awaiting-receipt' } })
    await clock.advance('2m')
    expect(counts()).toEqual([1, 1, 0])
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
  })

  it.each(['delivered', 'read', 'opened', 'clicked'] as const)(
    'stops at a receipt of %s, which settles it at once.',
    async (kind) => {
      const { send, clock, counts, reach, until } = setUp(route())
      const { settled } = await send()
      const done = settled()
      await clock.advance('9m')
      expect(await reach.receipts.record([{ providerId: 'lamp-1', provider: 'lamp', kind }])).toEqual({
        recorded: 1,
        unmatched: 0,
      })
      expect(await until(done)).toMatchObject({ outcome: 'sent' })
      await clock.advance('20m')
      expect(counts()).toEqual([1, 0, 0])
    },
  )

  it('A receipt that only says sent does not stop it; one of a bounce sends the next at once.', async () => {
    const { send, clock, counts, reach } = setUp(route())
    const { id } = await send()
    await clock.advance('1m')
    await reach.receipts.record([{ messageId: id, kind: 'sent' }])
    await clock.advance('1s')
    expect(counts()).toEqual([1, 0, 0])
    await reach.receipts.record([{ messageId: id, kind: 'bounced' }])
    await clock.advance('1s')
    expect(counts()).toEqual([1, 1, 0])
    expect(await reach.get(id)).toMatchObject({ outcome: 'sent' })
  })

  it("unless('read') is not stopped by delivered.", async () => {
    const { send, clock, counts, reach } = setUp(firstOf('lamp', 'horn').unless('read', { within: '10m' }))
    const { id } = await send()
    await clock.advance('1m')
    await reach.receipts.record([{ messageId: id, channel: 'lamp', kind: 'delivered' }])
    await clock.advance('10m')
    expect(counts()).toEqual([1, 1, 0])
  })

  it('Timer, receipt and cancel at the same moment: exactly one wins.', async () => {
    for (const order of [0, 1, 2]) {
      const { send, clock, counts, reach } = setUp(route())
      const { id } = await send()
      await clock.advance('1s')
      const receipt = async () => reach.receipts.record([{ messageId: id, kind: 'delivered' }])
      const cancel = async () => reach.cancel(id)
      const due = async () => clock.advance('10m')
      const acts = [receipt, cancel, due]
      await Promise.all([...acts.slice(order), ...acts.slice(0, order)].map(async (act) => act()))
      await clock.advance('10m')
      const view = await reach.get(id)
      expect(view?.state).toBe('done')
      expect(['sent', 'cancelled']).toContain(view?.outcome)
      if (view?.outcome === 'cancelled') expect(counts()).toEqual([1, 0, 0])
      const ends = (await reach.timeline(id)).filter(({ kind }) => kind === 'done')
      expect(ends.length).toBe(1)
    }
  })

  it('A receipt that is quicker than the answer of the attempt counts as well.', async () => {
    const slow: Answer = (_request, { clock }) =>
      new Promise((resolve) => clock.setTimer(300, () => resolve(sent('p1'))))
    const { send, clock, counts, reach, until } = setUp(route(), { lamp: slow })
    const { id } = await send()
    await clock.advance(100)
    await until(reach.receipts.record([{ messageId: id, channel: 'lamp', kind: 'delivered' }]))
    await clock.advance('20m')
    expect(counts()).toEqual([1, 0, 0])
    expect(await reach.get(id)).toMatchObject({ outcome: 'sent' })
  })

  it('Receipts of two channels in one call both count.', async () => {
    const both = all(firstOf('lamp', 'drum').unless('delivered', { within: '10m' }), 'horn')
    const { send, clock, counts, reach } = setUp(both, { horn: () => unknown() })
    const { id } = await send()
    await clock.advance('1s')
    await reach.receipts.record([
      { messageId: id, channel: 'horn', kind: 'delivered' },
      { messageId: id, channel: 'lamp', kind: 'delivered' },
    ])
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
    await clock.advance('20m')
    expect(counts()).toEqual([1, 1, 0])
  })

  it('A ttl ends the wait: what was sent is sent.', async () => {
    const { send, clock, counts, reach } = setUp(route(), {}, '1m')
    const { id } = await send()
    await clock.advance('20m')
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
    expect(counts()).toEqual([1, 0, 0])
  })

  it('A bounce goes on to a split as well.', async () => {
    const { send, clock, counts, reach } = setUp(
      firstOf('lamp', split(['horn', 1], ['drum', 1])).unless('delivered', { within: '10m' }),
    )
    const { id } = await send()
    await clock.advance('1s')
    await reach.receipts.record([{ messageId: id, kind: 'bounced' }])
    await clock.advance('1s')
    expect(counts()[0]).toBe(1)
    expect(
      counts()
        .slice(1)
        .toSorted((a, b) => a - b),
    ).toEqual([0, 1])
    expect(await reach.get(id)).toMatchObject({ outcome: 'sent' })
  })
})

describe('Receipts', () => {
  it('come in any order, any number of times, and never move a message back.', async () => {
    const { send, clock, reach } = setUp(firstOf('lamp'))
    const { id } = await send()
    await clock.advance('1s')
    const kinds = ['clicked', 'delivered', 'bounced', 'opened', 'delivered', 'clicked', 'sent'] as const
    for (const kind of kinds) await reach.receipts.record([{ messageId: id, channel: 'lamp', kind }])
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent', step: 0 })
    const told = (await reach.timeline(id)).map(({ kind }) => kind)
    expect(told).toEqual(expect.arrayContaining(['clicked', 'delivered', 'bounced', 'opened']))
    expect(told.filter((kind) => kind === 'delivered').length).toBe(1)
  })

  it('Those of nobody are counted as unmatched; those of a wrong shape refuse the call.', async () => {
    const { send, clock, reach } = setUp(firstOf('lamp'))
    const { id } = await send()
    await clock.advance('1s')
    const answer = await reach.receipts.record([
      { providerId: 'nobody', provider: 'lamp', kind: 'delivered' },
      { messageId: 'no-such.0', kind: 'delivered' },
      { messageId: 'not an id', kind: 'delivered' },
      { messageId: id, kind: 'delivered' },
      { providerId: 'lamp-1', kind: 'opened' },
    ])
    expect(answer).toEqual({ recorded: 2, unmatched: 3 })
    await expect(reach.receipts.record([{ kind: 'delivered' }])).rejects.toMatchObject({ code: 'REACH_OPTION_INVALID' })
  })

  it('One for a message that hangs at its driver does not wait for ever.', async () => {
    const { send, clock, reach, until } = setUp(firstOf('lamp'), { lamp: never })
    const { id } = await send()
    await clock.advance(1)
    const recorded = reach.receipts.record([{ messageId: id, kind: 'delivered' }])
    expect(await until(recorded, 20_000)).toEqual({ recorded: 1, unmatched: 0 })
  })
})

import { all, createReach, firstOf, message, retry, sent, unknown } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { signal } from './support/signals.js'
import { createWorld } from './support/world.js'

describe('Receipts of a message that is held', () => {
  for (const at of ['one after the other', 'at once'] as const) {
    it(`two unknown channels are resolved by two receipts, ${at}.`, async () => {
      const world = createWorld()
      const alarm = message('alarm', {
        content: { lamp: { text: 'x' }, horn: { text: 'x' } },
        route: all('lamp', 'horn'),
      })
      const channels = { lamp: signal('lamp', [unknown()]).channel, horn: signal('horn', [unknown()]).channel }
      const reach = world.open(createReach({ ...world.base, messages: [alarm], channels }))
      const { id, settled } = await reach.notify('alarm', { lamp: 'l1', horn: 'h1' })
      expect(await world.until(settled())).toMatchObject({ state: 'held' })
      const record = async (channel: string) => reach.receipts.record([{ messageId: id, channel, kind: 'sent' }])
      if (at === 'at once') await world.until(Promise.all([record('lamp'), record('horn')]))
      else {
        await world.until(record('lamp'))
        expect(await reach.get(id)).toMatchObject({ state: 'held' })
        await world.until(record('horn'))
      }
      expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
    })
  }

  it('without a time, the wait for the next channel counts from now.', async () => {
    const world = createWorld()
    const horn = signal('horn')
    const alarm = message('alarm', {
      content: { lamp: { text: 'x' }, horn: { text: 'x' } },
      route: firstOf('lamp', 'horn').unless('read', { within: '1h' }),
    })
    const channels = { lamp: signal('lamp', [unknown()]).channel, horn: horn.channel }
    const reach = world.open(createReach({ ...world.base, messages: [alarm], channels }))
    const { id, settled } = await reach.notify('alarm', { lamp: 'l1', horn: 'h1' })
    await world.until(settled())
    await world.until(reach.receipts.record([{ messageId: id, channel: 'lamp', kind: 'sent' }]))
    await world.clock.advance('59m')
    expect(horn.requests.length).toBe(0)
    await world.clock.advance('2m')
    expect(horn.requests.length).toBe(1)
  })
})

describe('cancel', () => {
  it('of what was sent and waits for a receipt stops the next channel; it stays sent.', async () => {
    const world = createWorld()
    const horn = signal('horn')
    const alarm = message('alarm', {
      content: { lamp: { text: 'x' }, horn: { text: 'x' } },
      route: firstOf('lamp', 'horn').unless('read', { within: '1h' }),
    })
    const channels = { lamp: signal('lamp').channel, horn: horn.channel }
    const reach = world.open(createReach({ ...world.base, messages: [alarm], channels }))
    const { id, settled } = await reach.notify('alarm', { lamp: 'l1', horn: 'h1' })
    const done = settled()
    await world.clock.advance('1s')
    expect(await reach.cancel(id)).toBe('cancelled')
    expect(await world.until(done)).toMatchObject({ outcome: 'sent', reason: { code: 'cancelled' } })
    expect(await reach.cancel(id)).toBe('done')
    await world.clock.advance('2h')
    expect(horn.requests.length).toBe(0)
  })

  for (const [other, answer, outcome] of [
    [retry(60_000), 'cancelled', 'partly-sent'],
    [unknown(), 'too-late', undefined],
  ] as const) {
    it(`of one that was sent on one channel, and on the other is ${other.kind}, answers ${answer}.`, async () => {
      const world = createWorld()
      const alarm = message('alarm', {
        content: { lamp: { text: 'x' }, horn: { text: 'x' } },
        route: all('lamp', 'horn'),
        retry: { attempts: 3, base: '1m', cap: '1m' },
      })
      const horn = signal('horn', [other], { capabilities: { deduplicates: true } })
      const channels = { lamp: signal('lamp', [sent()]).channel, horn: horn.channel }
      const reach = world.open(createReach({ ...world.base, messages: [alarm], channels }))
      const { id } = await reach.notify('alarm', { lamp: 'l1', horn: 'h1' })
      await world.clock.advance(10)
      expect(await reach.get(id)).toMatchObject({ state: 'waiting' })
      expect(await reach.cancel(id)).toBe(answer)
      expect((await reach.get(id))?.outcome).toBe(outcome)
    })
  }
})

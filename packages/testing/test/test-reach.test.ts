import { channel, createReach, firstOf, message } from '@reachkit/core'
import { rejected, retry } from '@reachkit/core/spec'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testReach } from '../src/reach/index.js'
import type { TestReach } from '../src/reach/index.js'

const horn = channel({
  name: 'horn',
  address: z.string(),
  content: z.object({ text: z.string() }),
  deliver: neverReally,
})
const flag = channel({
  name: 'flag',
  address: z.string(),
  content: z.object({ text: z.string() }),
  deliver: neverReally,
})
async function neverReally(): Promise<never> {
  throw new Error('a test must never send for real')
}
declare global {
  interface ReachChannels {
    horn: typeof horn
    flag: typeof flag
  }
}

// The app under test: it knows nothing of tests.
const orderPaid = message('order.paid', {
  data: z.object({ orderId: z.string() }),
  content: { horn: { text: 'Paid {{ orderId }}' }, flag: { text: 'Paid {{ orderId }}' } },
  route: firstOf('horn', 'flag'),
})
const reach = createReach({
  messages: [orderPaid],
  channels: { horn, flag },
  directory: async (ids) => ids.map((id) => ({ id, addresses: { horn: `horn-${id}`, flag: `flag-${id}` } })),
})
const placeOrder = (orderId: string) => reach.notify('order.paid', 'u1', { orderId })

let t: TestReach
afterEach(() => t.restore())

describe('testReach', () => {
  it('records what the app sends, and tells who got it and how', async () => {
    t = testReach(reach, { now: '2026-06-01T23:30+08:00' })
    await placeOrder('A1')
    await t.advance('0s')
    t.expectSent('order.paid').to('u1').via('horn').with({ text: 'Paid A1' }).once()
    t.expectSent('order.paid').to('horn-u1').with({ text: /^Paid/ }).times(1)
    expect(t.sent[0]?.at).toEqual(new Date('2026-06-01T15:30:00Z'))
  })

  it('fails readably for what was not sent', async () => {
    t = testReach(reach)
    expect(() => t.expectSent('order.paid')).toThrow("expected 'order.paid' to have been sent.\nNothing was attempted.")
    await placeOrder('A1')
    await t.advance('0s')
    expect(() => t.expectSent('order.paid').to('u2')).toThrow(
      "expected 'order.paid' to 'u2' to have been sent.\nWhat was attempted:\n  'order.paid' to 'u1' via horn (horn): sent",
    )
    expect(() => t.expectSent('order.paid').times(2)).toThrow("expected 'order.paid' 2 times, and found it 1 times")
    expect(() => t.expectNothingSent()).toThrow('expected nothing to have been sent')
    t.expectNothingSent('order.lost')
  })

  it('follows a script of outcomes, and the clock moves retries on', async () => {
    t = testReach(reach)
    t.answer('horn', retry(60_000), rejected('http 410'))
    await placeOrder('A2')
    await t.advance('30s')
    t.expectNothingSent('order.paid')
    await t.advance('5m')
    t.expectSent('order.paid').to('u1').via('flag').once()
    expect(t.sent.map(({ outcome }) => outcome)).toEqual(['retry', 'rejected', 'sent'])
  })

  it('advances over hours at once', async () => {
    t = testReach(reach)
    await reach.notify('order.paid', 'u1', { orderId: 'A3' }, { after: '9h' })
    await t.advance('8h')
    t.expectNothingSent()
    await t.advance('1h')
    t.expectSent('order.paid').once()
    expect(t.sent).toHaveLength(1)
  })

  it('puts the own engine back, and refuses what is no reach', async () => {
    t = testReach(reach)
    await placeOrder('A4')
    await t.restore()
    expect(() => testReach({})).toThrow('REACH_OPTION_INVALID')
    t = testReach(reach)
    expect((await reach.list()).rows).toEqual([])
  })
})
